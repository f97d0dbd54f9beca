/** The lines of a stream, as those do who have no line reader: decode, split, keep the rest. */
export async function countLines(stream: ReadableStream<Uint8Array>): Promise<number> {
  const decoder = new TextDecoder();
  let rest = '';
  let lines = 0;
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if (line.length > 0) lines++;
  }
  return lines + (rest.length > 0 ? 1 : 0);
}

/** Reads a stream to its end; calls back at its first piece. */
export async function readAll(stream: ReadableStream<Uint8Array>, onFirst: () => void): Promise<void> {
  const reader = stream.getReader();
  if (!(await reader.read()).done) onFirst();
  while (!(await reader.read()).done);
}
