/**
 * How many bytes at the end of a chunk are the beginning of a UTF-8 sequence that it does not complete: 0 to 3.
 * Bytes that are not UTF-8 count as complete.
 */
export function incompleteTail(chunk: Uint8Array): number {
  const look = Math.min(3, chunk.length);
  for (let back = 1; back <= look; back++) {
    const byte = chunk[chunk.length - back] as number;
    if (isContinuation(byte)) continue;
    return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** What a first byte announces; 1 for a byte that announces nothing. */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 1;
}
