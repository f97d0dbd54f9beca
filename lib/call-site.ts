import { BoxliteError } from './errors.js';

/** Errors that already point at a caller; the same one may answer several calls. */
const located = new WeakSet<object>();

/**
 * Where a public method was called. A failure that comes back from another thread has no stack of its own, so
 * it is given this one: it points at the caller's line, not at the event loop.
 */
export class CallSite {
  declare readonly stack?: unknown;
  readonly #operation: string;

  /** @param method - The public method: its frame and all above it are left out. */
  constructor(operation: string, method: (...args: never[]) => unknown) {
    this.#operation = operation;
    Error.captureStackTrace(this, method);
  }

  /** The promise, with its failure located here. */
  locate<T>(promise: Promise<T>): Promise<T> {
    return promise.catch((error: unknown) => {
      throw this.apply(error);
    });
  }

  /** Gives the error this stack and, where it has none, this operation. */
  apply(error: unknown): unknown {
    if (!(error instanceof BoxliteError) || located.has(error)) return error;
    located.add(error);
    const frames = typeof this.stack === 'string' ? this.stack.slice(this.stack.indexOf('\n')) : '';
    Object.defineProperty(error, 'stack', {
      value: `${error.name}: ${error.message}${frames}`,
      writable: true,
      configurable: true,
    });
    if (error.operation === undefined) (error as { operation?: string }).operation = this.#operation;
    return error;
  }
}
