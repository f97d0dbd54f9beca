import { StringDecoder } from 'node:string_decoder';

/**
 * Bytes into lines, chunk by chunk. Lines end with `\n` or `\r\n`; what stands after the last end is a line too.
 * A character that is cut by a chunk's end is put together again.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  /** The beginning of a line whose end has not come, in pieces. */
  #open: string[] = [];

  /** The lines that end in this chunk. */
  push(chunk: Buffer): string[] {
    return this.#split(this.#decoder.write(chunk));
  }

  /** The last line, if it had no end. */
  end(): string[] {
    const rest = this.#decoder.end();
    const last = this.#open.join('') + rest;
    this.#open = [];
    return last === '' ? [] : [last];
  }

  #split(text: string): string[] {
    // One native call for the whole chunk: a loop over its characters or lines would cost more than all the rest.
    const lines = text.split('\n');
    const rest = lines.pop() as string;
    let returns = text.includes('\r');
    if (lines.length > 0 && this.#open.length > 0) {
      this.#open.push(lines[0] as string);
      lines[0] = this.#open.join('');
      this.#open = [];
      returns ||= lines[0].endsWith('\r');
    }
    if (rest !== '') this.#open.push(rest);
    return returns ? lines.map(withoutReturn) : lines;
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
