/** Where a {@link PulledIterator} takes its items from; no item is undefined. */
export interface PullSource<T> {
  /** Makes the iterator the reader; throws if there is one already. */
  attach(onReadable: () => void): void;
  /** The next item of what was pulled; undefined if there is none left. */
  take(): T | undefined;
  /** Fetches more, which may make no item yet; false if there is nothing before the next `onReadable`. */
  pull(): boolean;
  /** Whether the last `pull` was the last one. */
  readonly ended: boolean;
  /** The last item was taken, or the reader leaves. */
  done(): void;
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

const finished = { value: undefined, done: true } as const;

/**
 * An async iterator over pulled items, written by hand: an async generator costs several promises an item, this
 * one. It pulls only when somebody waits for an item that is not there, so that the end of the source is not learned
 * before the last item was taken.
 */
export class PulledIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: PullSource<T>;
  readonly #waiters: Waiter<T>[] = [];
  #phase: 'new' | 'open' | 'ended' | 'done' = 'new';

  constructor(source: PullSource<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#phase === 'open' && this.#waiters.length === 0) {
      const item = this.#source.take();
      if (item !== undefined) return Promise.resolve({ value: item, done: false });
    }
    return this.#wait();
  }

  /** The reader leaves: what a `break` does. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.stop();
    return Promise.resolve(finished);
  }

  /** Ends the iteration now; those that wait for an item are told that there is none. */
  stop(): void {
    if (this.#phase !== 'done') this.#finish();
  }

  readonly #fill = (): void => {
    try {
      if (this.#phase === 'new') {
        this.#source.attach(this.#fill);
        this.#phase = 'open';
      }
      while (this.#serve() && this.#pull());
    } catch (error) {
      const waiter = this.#waiters.shift();
      this.stop();
      waiter?.reject(error);
    }
  };

  /** Apart from `next`, which would otherwise make a context for this closure at every call. */
  #wait(): Promise<IteratorResult<T, undefined>> {
    if (this.#phase === 'done') return Promise.resolve(finished);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#fill();
    });
  }

  /** Hands out items; true if somebody still waits. */
  #serve(): boolean {
    while (this.#waiters.length > 0) {
      const item = this.#source.take();
      if (item === undefined) break;
      this.#waiters.shift()?.resolve({ value: item, done: false });
    }
    if (this.#waiters.length > 0 && this.#phase === 'ended') this.#finish();
    return this.#waiters.length > 0;
  }

  /** Asks the source once; true if it is worth serving again. */
  #pull(): boolean {
    if (this.#phase !== 'open') return false;
    if (!this.#source.pull()) return false;
    if (this.#source.ended) this.#phase = 'ended';
    return true;
  }

  #finish(): void {
    this.#phase = 'done';
    try {
      this.#source.done();
    } finally {
      // Also after an 'exit' listener that throws.
      for (const waiter of this.#waiters.splice(0)) waiter.resolve(finished);
    }
  }
}
