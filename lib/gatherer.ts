import type { Collected } from './collector.js';
import type { NativeExecution, StreamNumber } from './native/addon.js';
import { tailBytes, tailText } from './tail-text.js';

/** A stream that nobody watches, read to its end by the addon: not one of its chunks becomes a JavaScript object. */
export class Gatherer implements Collected {
  readonly #native: NativeExecution;
  readonly #stream: StreamNumber;
  readonly #maxBytes: number;
  #taken: { head: Buffer; tail?: Buffer } | undefined;

  /** @param maxBytes - How many bytes are kept; Infinity for all. */
  constructor(native: NativeExecution, stream: StreamNumber, maxBytes: number) {
    this.#native = native;
    this.#stream = stream;
    this.#maxBytes = maxBytes;
  }

  start(): void {
    this.#native.gather(this.#stream, this.#maxBytes === Infinity ? undefined : this.#maxBytes);
  }

  get truncated(): boolean {
    return this.#take().tail !== undefined;
  }

  bytes(): Buffer {
    return this.#take().head;
  }

  tail(): string {
    const { head, tail = head.subarray(-tailBytes) } = this.#take();
    return tailText(tail);
  }

  #take(): { head: Buffer; tail?: Buffer } {
    if (this.#taken === undefined) {
      const taken = this.#native.takeGathered(this.#stream) ?? Buffer.alloc(0);
      this.#taken = Buffer.isBuffer(taken) ? { head: taken } : taken;
    }
    return this.#taken;
  }
}
