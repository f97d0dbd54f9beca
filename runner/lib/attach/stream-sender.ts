import type { Clock } from '../clock.js';
import type { OutputLog } from '../exec/output-log.js';
import { incompleteTail } from './utf8.js';

/** What a frame carries beside the byte that names its stream. */
const payloadBytes = 64 * 1024 - 1;

/** How long the beginning of a character waits for its rest. */
const holdMs = 50;

/** Cuts one stream's log into frames, from the first byte that was not confirmed, never inside a character. */
export class StreamSender {
  readonly #log: OutputLog;
  readonly #channel: number;
  readonly #clock: Clock;
  readonly #wake: () => void;
  #position: number;
  /** Since when the beginning of a character stands alone at the end. */
  #heldAt: number | undefined;

  /** @param wake - Called when something that was held back has waited long enough. */
  constructor(log: OutputLog, channel: 1 | 2, clock: Clock, wake: () => void) {
    this.#log = log;
    this.#channel = channel;
    this.#clock = clock;
    this.#wake = wake;
    this.#position = log.start;
  }

  /** One past the last byte that was put into a frame. */
  get position(): number {
    return this.#position;
  }

  /** Whether everything was sent and nothing more comes. */
  get done(): boolean {
    return this.#log.ended && this.#position === this.#log.end;
  }

  /** The next frame; undefined if there is none yet. */
  async next(): Promise<Buffer | undefined> {
    const chunk = await this.#log.read(this.#position, payloadBytes);
    if (chunk === undefined) return undefined;
    const length = chunk.length - this.#heldBack(chunk);
    if (length === 0) return undefined;
    this.#position += length;
    const frame = Buffer.allocUnsafe(1 + length);
    frame[0] = this.#channel;
    chunk.copy(frame, 1, 0, length);
    return frame;
  }

  /** How much of a chunk's end waits for the next frame. */
  #heldBack(chunk: Buffer): number {
    const tail = incompleteTail(chunk);
    const isLast = this.#position + chunk.length === this.#log.end;
    if (tail === 0 || (isLast && this.#log.ended)) {
      this.#heldAt = undefined;
      return 0;
    }
    if (tail < chunk.length) {
      this.#heldAt = undefined;
      if (isLast) this.#hold();
      return tail;
    }
    const waited = this.#clock.now() - (this.#heldAt ?? this.#hold());
    if (waited < holdMs) return tail;
    this.#heldAt = undefined;
    return 0;
  }

  #hold(): number {
    this.#clock.after(holdMs, this.#wake);
    return (this.#heldAt = this.#clock.now());
  }
}
