import type { NativeExecution } from './native/addon.js';

/** Taken at once, in bytes, before the event loop gets its turn: a process that reads as fast must not starve it. */
const budget = 8 * 1024 * 1024;
/** What a call counts for, since small ones keep the loop as well. */
const callCost = 4096;
/** Smaller chunks are joined up to this: a copy costs less than a call. */
const joined = 16_384;

/** Writes to the standard input of a process: at once what its pipe takes, the rest when it does. */
export class InputWriter {
  readonly #native: NativeExecution;
  #spent = 0;

  constructor(native: NativeExecution) {
    this.#native = native;
  }

  /** Undefined if all was taken at once; else resolves when it was, where the engine can tell. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    const taken = this.#try(chunk);
    return taken === undefined ? this.#turn() : this.#queue(chunk.subarray(taken));
  }

  /** The same with several, which become as few calls as is cheap. */
  writeAll(chunks: Uint8Array[]): Promise<void> | undefined {
    const pieces = joinSmall(chunks);
    for (const [i, piece] of pieces.entries()) {
      const taken = this.#try(piece);
      if (taken !== undefined) return this.#queue(join([piece.subarray(taken), ...pieces.slice(i + 1)]));
    }
    return this.#turn();
  }

  /** How much was taken at once; undefined if that was all. An empty one is refused or not like any other. */
  #try(chunk: Uint8Array): number | undefined {
    const taken = this.#native.tryWrite(chunk);
    this.#spent += taken + callCost;
    return taken === chunk.length && taken > 0 ? undefined : taken;
  }

  #queue(rest: Uint8Array): Promise<void> {
    this.#spent = 0;
    return this.#native.write(rest);
  }

  #turn(): Promise<void> | undefined {
    if (this.#spent < budget) return undefined;
    this.#spent = 0;
    return new Promise((resolve) => setImmediate(resolve));
  }
}

function joinSmall(chunks: Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    if (run.length > 0 && size + chunk.length > joined) {
      pieces.push(join(run));
      run = [];
      size = 0;
    }
    run.push(chunk);
    size += chunk.length;
  }
  pieces.push(join(run));
  return pieces;
}

function join(chunks: Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}
