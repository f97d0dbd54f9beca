/** Wakes those that wait; a ring that nobody waits for is kept for the next one who does. */
export class Bell {
  #rung = false;
  #waiting: (() => void)[] = [];

  ring(): void {
    if (this.#waiting.length === 0) {
      this.#rung = true;
      return;
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  wait(): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
