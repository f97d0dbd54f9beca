import { Readable } from 'node:stream';
import type { ExitGate } from './exit-gate.js';
import type { NativeExecution, StreamNumber } from './native/addon.js';

/** How much one pull may bring: large enough that a pull costs nothing beside its bytes. */
export const pullBytes = 256 * 1024;

/**
 * One output of an execution as a Readable.
 *
 * Its high-water mark is 0: then Node asks for the next chunk only when the consumer has taken the last one, and
 * "asked beyond the end" means that everything was handled. The order of `data` and `exit` rests on that.
 */
export class OutputStream extends Readable {
  readonly #native: NativeExecution;
  readonly #stream: StreamNumber;
  readonly #gate: ExitGate;
  #reader: 'none' | 'attached' | 'refused' = 'none';

  constructor(native: NativeExecution, stream: StreamNumber, gate: ExitGate) {
    super({ highWaterMark: 0 });
    this.#native = native;
    this.#stream = stream;
    this.#gate = gate;
  }

  /** Whether somebody has begun to read; a stream that was only looked at holds nothing up. */
  get attached(): boolean {
    return this.#reader === 'attached';
  }

  override _read(): void {
    if (this.#reader === 'attached' || this.#attach()) this.#pull();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // A stream that was refused because somebody else reads must not send that reader away.
    if (this.#reader !== 'refused' && !this.readableEnded) this.#native.leave(this.#stream);
    callback(error);
  }

  #attach(): boolean {
    try {
      this.#native.attach(this.#stream, this.#pull);
      this.#reader = 'attached';
      return true;
    } catch (error) {
      this.#reader = 'refused';
      this.destroy(error as Error);
      return false;
    }
  }

  readonly #pull = (): void => {
    for (;;) {
      if (this.destroyed) return;
      const chunk = this.#read();
      if (chunk === undefined) return;
      if (chunk === null) return this.#end();
      if (!this.#swallowed(chunk)) return;
    }
  };

  #read(): Buffer | null | undefined {
    try {
      return this.#native.read(this.#stream, pullBytes);
    } catch (error) {
      // An error that nobody hears would end the program; the stream is aborted, and has no 'end', in any case.
      this.destroy(this.listenerCount('error') > 0 ? (error as Error) : undefined);
      return undefined;
    }
  }

  /** Pushes; true if it was the beginning of a character and no more: Node would not ask again for that. */
  #swallowed(chunk: Buffer): boolean {
    const before = this.readableLength;
    this.push(chunk);
    return this.readableEncoding !== null && this.readableFlowing !== true && this.readableLength === before;
  }

  #end(): void {
    this.push(null);
    // With setEncoding, half a character at the end is given out only now.
    if (this.readableLength === 0) return;
    this.#gate.hold();
    this.once('close', () => this.#gate.release());
  }
}

/** The standard error of an execution with a terminal: it is part of standard output. */
export function endedStream(): Readable {
  return new Readable({
    highWaterMark: 0,
    read() {
      this.push(null);
    },
  });
}
