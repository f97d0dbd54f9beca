import type { NativeExecution, NativeExit, StreamNumber } from '../../lib/native/addon.js';
import { InvalidStateError } from '../../lib/index.js';

type Reader = 'none' | 'puller' | 'gatherer' | 'left';

class FakeStream {
  chunks: Buffer[] = [];
  /** How many chunks were read; shifting a long array would be slow. */
  taken = 0;
  ended = false;
  reader: Reader = 'none';
  toldEnd = false;
  onReadable: (() => void) | undefined;
  maxBytes = Infinity;

  get drained(): boolean {
    return this.reader === 'left' || (this.ended && (this.reader !== 'puller' || this.toldEnd));
  }
}

/** The bridge's promises on a made-up process: a test says what it writes and when it ends. */
export class FakeExecution implements NativeExecution {
  readonly id = 'fake';
  exited = false;
  released = false;
  readonly cutOff = false;
  readonly naive = undefined;
  readonly lateChunks = 0;
  refs = 1;
  readonly written: Buffer[] = [];
  readonly signals: number[] = [];
  stdinClosed = 0;
  closed = 0;
  reads = 0;
  /** What a signal is refused with. */
  refusal: Error | undefined;
  /** What a write is refused with. */
  brokenPipe: Error | undefined;
  readonly #streams = { 1: new FakeStream(), 2: new FakeStream() };
  readonly #order: StreamNumber[] = [];
  readonly #waits: { drain: boolean; resolve(exit: NativeExit): void }[] = [];
  #exit: NativeExit | undefined;
  #onExit: ((exit: NativeExit) => void) | undefined;
  #onAny: (() => void) | undefined;

  // What the test does.

  write1(text: string | Buffer, stream: StreamNumber = 1): this {
    const state = this.#streams[stream];
    if (state.reader !== 'left') state.chunks.push(Buffer.from(text));
    this.#order.push(stream);
    this.#wake(stream);
    return this;
  }

  end(exitCode: number, more: Partial<NativeExit> = {}): this {
    this.#exit = { exitCode, timedOut: false, durationMs: 1, ...more };
    for (const stream of [1, 2] as const) {
      this.#streams[stream].ended = true;
      this.#wake(stream);
    }
    setImmediate(() => this.#deliver());
    return this;
  }

  // What the library does.

  onStdout(): void {
    throw new Error('the library does not use callback readers');
  }
  onStderr(): void {
    throw new Error('the library does not use callback readers');
  }
  onExit(callback: (exit: NativeExit) => void): void {
    this.#onExit = callback;
  }
  wait(drain = true): Promise<NativeExit> {
    return new Promise((resolve) => {
      this.#waits.push({ drain, resolve });
      setImmediate(() => this.#deliver());
    });
  }
  pause(): void {}
  resume(): void {}
  attach(stream: StreamNumber, onReadable: () => void): void {
    const state = this.#streams[stream];
    if (state.reader !== 'none') throw new InvalidStateError('the stream has a reader');
    state.reader = 'puller';
    state.onReadable = onReadable;
  }
  read(stream: StreamNumber): Buffer | null | undefined {
    this.reads++;
    const state = this.#streams[stream];
    const chunk = state.chunks[state.taken++];
    if (chunk !== undefined) return chunk;
    state.taken--;
    if (!state.ended) return undefined;
    state.toldEnd = true;
    setImmediate(() => this.#deliver());
    return null;
  }
  attachBoth(onReadable: () => void): void {
    this.attach(1, onReadable);
    this.attach(2, onReadable);
    this.#onAny = onReadable;
  }
  readAny(): { stream: StreamNumber; data: Buffer } | null | undefined {
    const stream = this.#order.shift();
    if (stream !== undefined) return { stream, data: this.read(stream) as Buffer };
    const ends = [this.read(1), this.read(2)];
    return ends.every((end) => end === null) ? null : undefined;
  }
  gather(stream: StreamNumber, maxBytes = Infinity): void {
    const state = this.#streams[stream];
    if (state.reader !== 'none') throw new InvalidStateError('the stream has a reader');
    state.reader = 'gatherer';
    state.maxBytes = maxBytes;
  }
  takeGathered(stream: StreamNumber): Buffer | { head: Buffer; tail: Buffer } | null {
    const { reader, chunks, maxBytes } = this.#streams[stream];
    if (reader !== 'gatherer') return null;
    const all = Buffer.concat(chunks.splice(0));
    return all.length <= maxBytes ? all : { head: all.subarray(0, maxBytes), tail: all.subarray(-4096) };
  }
  leave(stream: StreamNumber): void {
    this.#streams[stream].reader = 'left';
    this.#streams[stream].chunks = [];
    this.#streams[stream].taken = 0;
    setImmediate(() => this.#deliver());
  }
  async write(data: Uint8Array): Promise<void> {
    if (this.brokenPipe) throw this.brokenPipe;
    this.written.push(Buffer.from(data));
  }
  /** As an engine that can't. */
  readonly tryWrite: NativeExecution['tryWrite'] = () => 0;
  async closeStdin(): Promise<void> {
    this.stdinClosed++;
  }
  async signal(signal: number): Promise<void> {
    this.signals.push(signal);
    if (this.refusal) throw this.refusal;
    this.end(-signal);
  }
  kill(): Promise<void> {
    return this.signal(9);
  }
  async resize(): Promise<void> {}
  async close(): Promise<void> {
    this.closed++;
    this.leave(1);
    this.leave(2);
    if (!this.#exit) this.end(-9);
  }
  ref(): void {
    this.refs++;
  }
  unref(): void {
    this.refs--;
  }

  reader(stream: StreamNumber): Reader {
    return this.#streams[stream].reader;
  }

  #wake(stream: StreamNumber): void {
    const wake = this.#onAny ?? this.#streams[stream].onReadable;
    if (wake) setImmediate(wake);
  }

  #deliver(): void {
    if (!this.#exit) return;
    const drained = this.#streams[1].drained && this.#streams[2].drained;
    this.#answer((wait) => !wait.drain);
    if (!drained) return;
    if (!this.exited) {
      this.exited = true;
      this.#onExit?.(this.#exit);
    }
    this.#answer(() => true);
  }

  #answer(which: (wait: { drain: boolean }) => boolean): void {
    for (const wait of this.#waits.filter(which)) {
      this.#waits.splice(this.#waits.indexOf(wait), 1);
      wait.resolve(this.#exit as NativeExit);
    }
  }
}
