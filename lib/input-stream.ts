import { Writable } from 'node:stream';
import { InputWriter } from './input-writer.js';
import type { NativeExecution } from './native/addon.js';

/**
 * The standard input of an execution as a Writable. A write is over when the process's pipe has taken it, where the
 * engine can tell; ending or destroying it gives the process the end of its input.
 */
export class InputStream extends Writable {
  readonly #native: NativeExecution;
  readonly #writer: InputWriter;
  readonly #taken: boolean;

  /** @param state - `'taken'`: somebody else feeds the process; this one is destroyed and closes nothing. */
  constructor(native: NativeExecution, state: 'open' | 'taken' = 'open') {
    super();
    this.#native = native;
    this.#writer = new InputWriter(native);
    this.#taken = state === 'taken';
    if (this.#taken) this.destroy();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    answer(this.#writer.write(chunk), callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    answer(this.#writer.writeAll(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#native.closeStdin().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#taken && !this.writableFinished) this.#native.closeStdin().catch(ignore);
    callback(error);
  }
}

/** A callback within the write itself is fine: it tells a Writable to go on at once. */
function answer(waiting: Promise<void> | undefined, callback: (error?: Error | null) => void): void {
  if (waiting === undefined) callback();
  else waiting.then(() => callback(), callback);
}

function ignore(): void {
  // The process may be gone already, and its input with it.
}
