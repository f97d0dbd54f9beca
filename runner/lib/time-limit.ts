import type { Clock } from './clock.js';
import { HttpError } from './http/http-error.js';

/**
 * The result of some work, unless it takes longer than the limit.
 *
 * @throws HttpError 504 when the limit ran out; the work itself goes on.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: Promise<T>,
): Promise<T> {
  let cancel = (): void => undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(limitMs, () =>
      reject(HttpError.timeout(`${what} took longer than ${limitMs / 1000} s`)),
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    cancel();
  }
}
