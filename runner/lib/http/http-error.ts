/** A failure of a request that the HTTP side itself found: no engine has a number for it. */
export class HttpError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  /** What the answer's head must say beside the status. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    type: string,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = code;
    this.headers = headers;
  }

  /** A request that is wrong, with a status that says in which way. */
  static invalid(message: string, status = 400, headers?: Record<string, string>): HttpError {
    return new HttpError(status, 'InvalidArgumentError', 'invalid_argument', message, headers);
  }

  static unauthenticated(message: string): HttpError {
    return new HttpError(401, 'AuthError', 'unauthenticated', message, { 'www-authenticate': 'Bearer' });
  }

  static notFound(message: string): HttpError {
    return new HttpError(404, 'NotFoundError', 'not_found', message);
  }

  static wrongMethod(method: string, path: string, allowed: readonly string[]): HttpError {
    const allow = allowed.join(', ');
    const message = `${method} is not supported on ${path}; it takes ${allow}`;
    return new HttpError(405, 'UnsupportedError', 'unsupported', message, { allow });
  }

  static timeout(message: string): HttpError {
    return new HttpError(504, 'TimeoutError', 'timeout', message);
  }

  static unavailable(message: string): HttpError {
    return new HttpError(503, 'EngineError', 'engine_unavailable', message, { 'retry-after': '1' });
  }
}
