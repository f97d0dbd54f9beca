import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpError } from './http-error.js';

/** Judges the `authorization` header of a request. */
export class Authenticator {
  readonly #digest: Buffer | undefined;

  /** @param apiKey - undefined: everybody may come in. */
  constructor(apiKey: string | undefined) {
    this.#digest = apiKey === undefined ? undefined : digest(apiKey);
  }

  /** @throws HttpError 401, the same for every way in which a credential can be wrong. */
  check(header: string | undefined): void {
    if (this.#digest === undefined) return;
    const token = /^bearer +(\S.*)$/i.exec(header ?? '')?.[1];
    if (token !== undefined && timingSafeEqual(digest(token.trimEnd()), this.#digest)) return;
    throw HttpError.unauthenticated('a valid bearer token is needed');
  }
}

/** Digests have one length, so that comparing them takes one time. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
