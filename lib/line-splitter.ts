import { constants } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { ResourceExhaustedError } from './error-classes.js';

/**
 * How much becomes text at once. V8 keeps strings of 128 KiB and more apart, which made each of their lines cost half
 * as much again; and a line that somebody keeps keeps the whole text that it was cut from.
 */
const pieceBytes = 16 * 1024;

const returnCode = 13;
const nothing = Buffer.alloc(0);

/**
 * Bytes into lines, chunk by chunk. Lines end with `\n` or `\r\n`; what stands after the last end is a line too.
 * A character that is cut by a chunk's end is put together again.
 *
 * A line is cut when it is taken: in an array, lines would outlive collections of the young heap, and be copied.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #chunk: Buffer = nothing;
  /** So many bytes of the chunk are text already. */
  #decoded = 0;
  #text = '';
  /** Where the next line begins in the text. */
  #at = 0;
  /** The beginning of a line whose end has not come, in pieces. */
  #open: string[] = [];
  #openLength = 0;
  #last: string | undefined;
  readonly #longest: number;

  /** @param longest - How many characters a line may have; by default as many as a string can. */
  constructor(longest: number = constants.MAX_STRING_LENGTH) {
    this.#longest = longest;
  }

  /** More bytes, when there is no line and no piece left of those before. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#decoded = 0;
  }

  /** The next line of the piece; undefined if no more end in it. */
  take(): string | undefined {
    const begin = this.#at;
    const end = this.#text.indexOf('\n', begin);
    if (end < 0) return this.#takeLast();
    this.#at = end + 1;
    const returned = end > begin && this.#text.charCodeAt(end - 1) === returnCode;
    return this.#text.slice(begin, returned ? end - 1 : end);
  }

  /** Makes lines of the next piece, which may end none; false if there is no piece left. */
  decode(): boolean {
    this.#leaveOpen();
    if (this.#decoded >= this.#chunk.length) {
      this.#chunk = nothing;
      return false;
    }
    const piece = this.#chunk.subarray(this.#decoded, (this.#decoded += pieceBytes));
    const text = this.#decoder.write(piece);
    this.#text = this.#open.length > 0 && text.includes('\n') ? this.#withOpen(text) : text;
    return true;
  }

  /** After the last chunk: whether there is a line without an end, which is the last to be taken. */
  end(): boolean {
    this.#leaveOpen();
    const last = this.#withOpen(this.#decoder.end());
    if (last !== '') this.#last = last;
    return last !== '';
  }

  /** Forgets what was not taken. */
  drop(): void {
    this.#chunk = nothing;
    this.#text = '';
    this.#open = [];
    this.#openLength = 0;
    this.#last = undefined;
  }

  /** What is left of the text is the beginning of a line. */
  #leaveOpen(): void {
    if (this.#at < this.#text.length) this.#keepOpen(this.#text.slice(this.#at));
    this.#text = '';
    this.#at = 0;
  }

  #keepOpen(text: string): void {
    this.#openLength += text.length;
    if (this.#openLength > this.#longest) {
      throw new ResourceExhaustedError(
        `a line is longer than a string can be (${this.#longest} characters); read the stream's bytes instead`,
      );
    }
    this.#open.push(text);
  }

  /** Only where the open line ends: joined at every piece, a long line would be copied again and again. */
  #withOpen(text: string): string {
    this.#keepOpen(text);
    const whole = this.#open.join('');
    this.#open = [];
    this.#openLength = 0;
    return whole;
  }

  #takeLast(): string | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last;
  }
}
