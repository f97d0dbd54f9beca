/** The two pipes of a command. */
export type StreamName = 'stdout' | 'stderr';

/** Every line, its newline included. */
export const lineBytes = 64;

/** Seven digits are all that a line has for its number. */
export const mostLines = 8_999_999;

const filler = 'abcdefghijklmnopqrstuvwxyz0123456789AB';
const modulus = 65_521;

/**
 * What a writer writes to one of its pipes: lines that anybody can check without having them.
 *
 *     o 1000012 1000034 112345 abcdefghijklmnopqrstuvwxyz0123456789AB
 *
 * The stream's letter, the execution and the line (plus 1,000,000), the check (plus 100,000), a filler. The check is a
 * chain over the line numbers, seeded by execution and stream: `c = (c * 31 + n) % 65521`. It needs integers of 32 bits
 * and no program, so that a plain `/bin/sh` can compute it. The offsets keep all lines equally long.
 */
export class WrittenStream {
  readonly #letter: string;
  readonly #execution: number;
  readonly #seed: number;
  #line = 0;
  #check: number;

  constructor(stream: StreamName, execution: number) {
    this.#letter = stream === 'stdout' ? 'o' : 'e';
    this.#execution = execution;
    this.#seed = (execution * 2 + (stream === 'stdout' ? 0 : 1)) % modulus;
    this.#check = this.#seed;
  }

  /** Line `n`, from 1, without its newline. Cheap where it is the next one. */
  line(n: number): string {
    if (n < this.#line) {
      this.#line = 0;
      this.#check = this.#seed;
    }
    while (this.#line < n) this.#check = (this.#check * 31 + ++this.#line) % modulus;
    return `${this.#letter} ${1_000_000 + this.#execution} ${1_000_000 + n} ${100_000 + this.#check} ${filler}`;
  }
}

/** The number that a line claims, or undefined if it does not look like a line. */
export function claimedNumber(line: string): number | undefined {
  const match = /^[oe] \d{7,} (\d{7}) \d{6} /.exec(line);
  return match ? Number(match[1]) - 1_000_000 : undefined;
}

/** How many whole lines hold that many bytes. */
export function linesFor(bytes: number): number {
  return Math.ceil(bytes / lineBytes);
}

/** What the command exits with, different from one to the next, so that a made-up code shows. */
export function exitCodeOf(execution: number): number {
  return execution % 200;
}
