import { claimedNumber, lineBytes, type StreamName, WrittenStream } from './written-stream.js';

/** What became of one stream. */
export interface StreamFinding {
  /** Lines that came, each counted once. */
  lines: number;
  lostLines: number;
  lostBytes: number;
  /** Lines that came after a later one. */
  reorderedLines: number;
  /** Lines that came a second time. */
  repeatedLines: number;
  /** Pieces between two newlines that no line is. */
  damagedLines: number;
}

/** Reads one stream chunk by chunk and knows every byte that should be in it. */
export class StreamChecker {
  readonly #written: WrittenStream;
  readonly #lines: number;
  readonly #skipped = new Set<number>();
  #next = 1;
  #intact = 0;
  #rest = '';
  #reordered = 0;
  #repeated = 0;
  #damaged = 0;

  /** @param lines - How many the writer writes. */
  constructor(stream: StreamName, execution: number, lines: number) {
    this.#written = new WrittenStream(stream, execution);
    this.#lines = lines;
  }

  push(chunk: Uint8Array): void {
    const text = this.#rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#check(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }

  /** To be asked after the last chunk. */
  finding(): StreamFinding {
    const lostLines = this.#lines - this.#intact;
    const cut = this.#cutLine();
    return {
      lines: this.#intact,
      lostLines,
      lostBytes: lostLines * lineBytes - cut,
      reorderedLines: this.#reordered,
      repeatedLines: this.#repeated,
      damagedLines: this.#damaged + (cut < this.#rest.length ? 1 : 0),
    };
  }

  #check(line: string): void {
    if (this.#next <= this.#lines && line === this.#written.line(this.#next)) {
      this.#next++;
      this.#intact++;
      return;
    }
    const number = claimedNumber(line);
    if (number === undefined || number < 1 || number > this.#lines || line !== this.#written.line(number)) {
      this.#damaged++;
    } else if (number >= this.#next) {
      for (let skipped = this.#next; skipped < number; skipped++) this.#skipped.add(skipped);
      this.#next = number + 1;
      this.#intact++;
    } else if (this.#skipped.delete(number)) {
      this.#reordered++;
      this.#intact++;
    } else {
      this.#repeated++;
    }
  }

  /** How many bytes came of a line that ends too early. */
  #cutLine(): number {
    if (this.#rest === '' || this.#next > this.#lines) return 0;
    return this.#written.line(this.#next).startsWith(this.#rest) ? this.#rest.length : 0;
  }
}
