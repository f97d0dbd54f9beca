import { ResourceExhaustedError } from 'boxlite-ffi';
import type { Clock } from '../clock.js';
import { HttpError } from './http-error.js';

/** An answer as it is given again. */
export interface KnownAnswer {
  status: number;
  body: string;
  location: string | undefined;
}

/** What one entry takes beside the text of its answer, about. */
const entryBytes = 512;

/** A request that is being answered. */
interface Pending {
  payload: string;
  settled: Promise<void>;
}

/** A request that was answered. */
interface Settled {
  payload: string;
  answer: KnownAnswer;
  expiresAt: number;
}

/** Tells how the first request with a key was answered, so that it is carried out once. */
export type Settle = (answer: KnownAnswer) => void;

/**
 * Answers to requests with an idempotency key, for a time. What was promised to be known is never forgotten early:
 * rather than that, new keys are refused.
 */
export class AnswerMemory {
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #maxBytes: number;
  readonly #pending = new Map<string, Pending>();
  /** In the order in which they expire. */
  readonly #settled = new Map<string, Settled>();
  #bytes = 0;

  constructor(clock: Clock, lifetimeMs: number, maxBytes: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
    this.#maxBytes = maxBytes;
  }

  /**
   * The answer that the first request under a key got; waits for it if need be. Whoever is the first gets a function
   * instead, which must be called with the answer.
   *
   * @throws HttpError 422 if the first one's payload was another; ResourceExhaustedError if there is no room.
   */
  async recall(key: string, payload: string): Promise<KnownAnswer | Settle> {
    for (;;) {
      this.#expire();
      const known = this.#settled.get(key) ?? this.#pending.get(key);
      if (known === undefined) return this.#begin(key, payload);
      if (known.payload !== payload) {
        throw HttpError.invalid('this idempotency-key came with another request before', 422);
      }
      if ('answer' in known) return known.answer;
      await known.settled;
    }
  }

  #begin(key: string, payload: string): Settle {
    if (this.#bytes + entryBytes > this.#maxBytes) {
      throw new ResourceExhaustedError(
        'too many idempotency keys are remembered; try again later, or without',
      );
    }
    this.#bytes += entryBytes;
    let done = (): void => undefined;
    this.#pending.set(key, { payload, settled: new Promise((resolve) => (done = resolve)) });
    return (answer) => {
      if (!this.#pending.delete(key)) return;
      this.#bytes -= entryBytes;
      // A failure of ours may not come again.
      if (answer.status < 500) this.#keep(key, payload, answer);
      done();
    };
  }

  #keep(key: string, payload: string, answer: KnownAnswer): void {
    this.#settled.set(key, { payload, answer, expiresAt: this.#clock.now() + this.#lifetimeMs });
    this.#bytes += sizeOf(answer);
  }

  #expire(): void {
    for (const [key, { answer, expiresAt }] of this.#settled) {
      if (expiresAt > this.#clock.now()) break;
      this.#settled.delete(key);
      this.#bytes -= sizeOf(answer);
    }
  }
}

function sizeOf({ body, location = '' }: KnownAnswer): number {
  return entryBytes + 2 * (body.length + location.length);
}
