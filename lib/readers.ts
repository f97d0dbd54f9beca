import type { ExitGate } from './exit-gate.js';
import { LineSplitter } from './line-splitter.js';
import type { NativeExecution, StreamNumber } from './native/addon.js';
import { pullBytes } from './output-stream.js';
import { PulledIterator, type PullSource } from './pulled-iterator.js';

/** A piece of output and where it came from. */
export interface OutputChunk {
  stream: 'stdout' | 'stderr';
  data: Buffer;
}

/** The lines of one stream. */
export function lineIterator(
  native: NativeExecution,
  stream: StreamNumber,
  gate: ExitGate,
): PulledIterator<string> {
  return new PulledIterator(new LineSource(native, stream, gate));
}

/** Both streams in order of arrival. */
export function outputIterator(native: NativeExecution): PulledIterator<OutputChunk> {
  return new PulledIterator(new OutputSource(native));
}

/** Nothing: what there is to read of the stderr of an execution with a terminal. */
export function emptyIterator(): PulledIterator<string> {
  return new PulledIterator<string>({
    attach() {},
    take: () => undefined,
    pull: () => true,
    ended: true,
    done() {},
  });
}

/** For a request that was wrong: it rejects where its first item is asked for. */
export function failedIterator(error: Error): AsyncIterableIterator<never> {
  return {
    next: () => Promise.reject(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

class LineSource implements PullSource<string> {
  ended = false;
  readonly #native: NativeExecution;
  readonly #stream: StreamNumber;
  readonly #gate: ExitGate;
  readonly #splitter = new LineSplitter();
  #attached = false;
  #holding = false;

  constructor(native: NativeExecution, stream: StreamNumber, gate: ExitGate) {
    this.#native = native;
    this.#stream = stream;
    this.#gate = gate;
  }

  attach(onReadable: () => void): void {
    this.#native.attach(this.#stream, onReadable);
    this.#attached = true;
  }

  take(): string | undefined {
    return this.#splitter.take();
  }

  pull(): boolean {
    if (this.#splitter.decode()) return true;
    const chunk = this.#native.read(this.#stream, pullBytes);
    if (chunk === undefined) return false;
    if (chunk !== null) {
      this.#splitter.push(chunk);
      return true;
    }
    this.ended = true;
    // The last line has no newline, so the end was learned before it was handled.
    if (this.#splitter.end()) {
      this.#holding = true;
      this.#gate.hold();
    }
    return true;
  }

  done(): void {
    this.#splitter.drop();
    // An iterator that was refused is not the reader, and must not send the reader away.
    if (this.#attached) this.#native.leave(this.#stream);
    if (this.#holding) this.#gate.release();
  }
}

const streamNames = { 1: 'stdout', 2: 'stderr' } as const;

class OutputSource implements PullSource<OutputChunk> {
  ended = false;
  readonly #native: NativeExecution;
  #chunk: OutputChunk | undefined;
  #attached = false;

  constructor(native: NativeExecution) {
    this.#native = native;
  }

  attach(onReadable: () => void): void {
    this.#native.attachBoth(onReadable);
    this.#attached = true;
  }

  take(): OutputChunk | undefined {
    const chunk = this.#chunk;
    this.#chunk = undefined;
    return chunk;
  }

  pull(): boolean {
    const chunk = this.#native.readAny(pullBytes);
    if (chunk === undefined) return false;
    if (chunk === null) this.ended = true;
    else this.#chunk = { stream: streamNames[chunk.stream], data: chunk.data };
    return true;
  }

  done(): void {
    if (!this.#attached) return;
    this.#native.leave(1);
    this.#native.leave(2);
  }
}
