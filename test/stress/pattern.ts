/** The stream that `programs/counted.c` writes: one word of four bytes for each index. */
function wordAt(seed: number, index: number): number {
  let x = Math.imul(index + seed, 2654435761);
  x ^= x >>> 15;
  x = Math.imul(x, 2246822519);
  return (x ^ (x >>> 13)) >>> 0;
}

/** Compares what a reader gets with what was written, byte by byte. */
export class Verifier {
  readonly #seed: number;
  #count = 0;
  #firstWrong: number | undefined;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Where the first byte was that is not the one that was written; a lost or doubled byte shows as one. */
  get firstWrong(): number | undefined {
    return this.#firstWrong;
  }

  push(chunk: Uint8Array): void {
    let word = wordAt(this.#seed, Math.floor(this.#count / 4));
    for (const byte of chunk) {
      const shift = this.#count % 4;
      if (shift === 0) word = wordAt(this.#seed, this.#count / 4);
      if (((word >>> (8 * shift)) & 0xff) !== byte) this.#firstWrong ??= this.#count;
      this.#count++;
    }
  }
}
