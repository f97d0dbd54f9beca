/** A result that may be asked for before and after it is there. A failure that nobody asks for disturbs nobody. */
export class Outcome<T> {
  #settled: { value: T } | { error: Error } | undefined;
  #waiting: { resolve(value: T): void; reject(error: unknown): void }[] | undefined;

  get known(): boolean {
    return this.#settled !== undefined;
  }

  /** Answered in the order of asking. */
  wait(): Promise<T> {
    const settled = this.#settled;
    if (settled === undefined) {
      return new Promise((resolve, reject) => (this.#waiting ??= []).push({ resolve, reject }));
    }
    return 'value' in settled ? Promise.resolve(settled.value) : Promise.reject(settled.error);
  }

  resolve(value: T): void {
    this.#settled = { value };
    for (const waiter of this.#waiting ?? []) waiter.resolve(value);
    this.#waiting = undefined;
  }

  reject(error: unknown): void {
    this.#settled = { error: error as Error };
    for (const waiter of this.#waiting ?? []) waiter.reject(error);
    this.#waiting = undefined;
  }
}
