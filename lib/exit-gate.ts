import type { NativeExit } from './native/addon.js';

/**
 * Holds the end of an execution back while a reader on this side has still something of it in hand.
 *
 * The addon tells the end when every reader has been told the end of its stream. Two readers learn the end before
 * their last piece is handled: text that ends without a newline is a line only then, and a decoder gives its rest.
 */
export class ExitGate {
  readonly #tell: (exit: NativeExit) => void;
  #holds = 0;
  #arrived: NativeExit | undefined;
  #told = false;

  /** @param tell - Called once, with the end. */
  constructor(tell: (exit: NativeExit) => void) {
    this.#tell = tell;
  }

  get told(): boolean {
    return this.#told;
  }

  /** The end, as the addon tells it; only the first one counts. */
  readonly arrive = (exit: NativeExit): void => {
    this.#arrived ??= exit;
    this.#open();
  };

  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.#open();
  }

  /** Lets the end through whoever holds it. */
  force(): void {
    this.#holds = 0;
    this.#open();
  }

  #open(): void {
    if (this.#told || this.#arrived === undefined || this.#holds > 0) return;
    this.#told = true;
    this.#tell(this.#arrived);
  }
}
