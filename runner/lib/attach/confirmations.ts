/** Up to where each of the two streams was sent. */
export type Positions = readonly [number, number];

/**
 * Tells what a peer has read: pings carry numbers, a peer answers them in order, and so a pong says that everything
 * sent before its ping has arrived.
 */
export class Confirmations {
  readonly #pending: { number: number; positions: Positions }[] = [];
  #last = 0;

  /** How many pings are unanswered. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** The payload of a ping that follows what was sent so far. */
  ping(positions: Positions): string {
    const number = ++this.#last;
    this.#pending.push({ number, positions });
    return String(number);
  }

  /** What a pong confirms; undefined if it answers none of our pings. */
  pong(payload: string): Positions | undefined {
    const index = this.#pending.findIndex(({ number }) => String(number) === payload);
    if (index < 0) return undefined;
    return this.#pending.splice(0, index + 1).at(-1)?.positions;
  }
}
