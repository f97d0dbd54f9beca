import type { NativeExecution, StreamNumber } from './native/addon.js';
import { pullBytes } from './output-stream.js';
import { tailBytes, tailText } from './tail-text.js';

/** One stream, read to its end into one value. */
export interface Collected {
  /** Takes the role of the stream's reader; its end is the execution's. */
  start(): void;
  /** Whether not all was kept. */
  readonly truncated: boolean;
  /** All that was kept. */
  bytes(): Buffer;
  /** The last 4 KiB that came, kept or not, as text. */
  tail(): string;
}

/** Chunks below this size share a block: a process that writes single bytes must not cost a buffer for each. */
const smallBytes = 4096;
const blockBytes = 64 * 1024;

export interface CollectorOptions {
  /** How many bytes are kept. */
  maxBytes: number;
  /** Is given every chunk. */
  onChunk: (chunk: Buffer) => void;
  /** Is told what `onChunk` threw. */
  fail: (error: unknown) => void;
}

/** Reads one stream of an execution for a watcher of its chunks and keeps its first bytes. */
export class Collector implements Collected {
  readonly #native: NativeExecution;
  readonly #stream: StreamNumber;
  readonly #options: CollectorOptions;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  /** Where the next small chunk goes. */
  #block = Buffer.alloc(0);
  /** The end of what came, from the moment when not all of it is kept. */
  #tail: Buffer | undefined;

  constructor(native: NativeExecution, stream: StreamNumber, options: CollectorOptions) {
    this.#native = native;
    this.#stream = stream;
    this.#options = options;
  }

  start(): void {
    this.#native.attach(this.#stream, this.#pull);
    this.#pull();
  }

  get truncated(): boolean {
    return this.#tail !== undefined;
  }

  bytes(): Buffer {
    return this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#kept);
  }

  tail(): string {
    return tailText(this.#tail ?? this.bytes().subarray(-tailBytes));
  }

  readonly #pull = (): void => {
    try {
      for (;;) {
        const chunk = this.#native.read(this.#stream, pullBytes);
        if (chunk === undefined || chunk === null) return;
        this.#keep(chunk);
        this.#options.onChunk(chunk);
      }
    } catch (error) {
      this.#native.leave(this.#stream);
      this.#options.fail(error);
    }
  };

  #keep(chunk: Buffer): void {
    const room = this.#options.maxBytes - this.#kept;
    if (chunk.length > room) {
      const before = this.#tail ?? this.bytes().subarray(-tailBytes);
      this.#tail = Buffer.concat([before, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
    }
    if (room <= 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (part.length === 0) return;
    this.#kept += part.length;
    // A large chunk is kept as it is, but never for a small piece of it.
    if (part.length >= smallBytes && part === chunk) this.#chunks.push(part);
    else this.#copy(part);
  }

  #copy(part: Buffer): void {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.buffer === this.#block.buffer && this.#block.length >= part.length) {
      part.copy(this.#block);
      this.#chunks[this.#chunks.length - 1] = Buffer.from(
        last.buffer,
        last.byteOffset,
        last.length + part.length,
      );
      this.#block = this.#block.subarray(part.length);
      return;
    }
    // The first small chunk often stays the only one: no block for it.
    const size = this.#chunks.length === 0 ? part.length : Math.max(blockBytes, part.length);
    const block = Buffer.allocUnsafeSlow(size);
    part.copy(block);
    this.#chunks.push(block.subarray(0, part.length));
    this.#block = block.subarray(part.length);
  }
}
