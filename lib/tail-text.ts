/** How much of the end of a stream an error shows. */
export const tailBytes = 4096;

/** The end of a stream as text; a cut may have gone through a character, of which then nothing is shown. */
export function tailText(bytes: Buffer): string {
  let start = 0;
  while (start < 3 && bytes.length === tailBytes && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.toString('utf8', start);
}
