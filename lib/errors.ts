import { inspect } from 'node:util';
import { brand } from './brand.js';
import { errorTable, type BoxliteErrorCode, type ErrorRow } from './error-table.generated.js';

export type { BoxliteErrorCode };

/** What an error is made with, beside its message. */
export interface BoxliteErrorOptions {
  /** What was being done, as `'box.exec'`. */
  operation?: string | undefined;
  /** What led to it. */
  cause?: unknown;
  /** A number that the table of codes does not know; it is kept. */
  errno?: number;
}

const rows = new Map<number, ErrorRow>(errorTable.map((row) => [row.errno, row]));
const internal = rows.get(1) as ErrorRow;

type ErrorClass = new (message: string, options?: BoxliteErrorOptions) => BoxliteError;
const classes = new Map<number, ErrorClass>();

/**
 * What every failure of an engine or of this package is: one subclass for each code of the C ABI.
 *
 * @example
 * try {
 *   await runtime.get('job');
 * } catch (error) {
 *   if (isBoxliteError(error, 'not_found')) return undefined;
 *   throw error;
 * }
 */
export class BoxliteError extends Error {
  /** The number of the C ABI that this class stands for. */
  static readonly errno: number = 1;

  /** One word for one C code: the class's name in snake case without `Error`. */
  readonly code: BoxliteErrorCode;
  /** The C ABI's number; an {@link InternalError} may carry one that no table knows. */
  readonly errno: number;
  /** What an HTTP service answers. */
  readonly httpStatus: number;
  /** What was being done, as `'box.exec'`; undefined where nobody knows. */
  readonly operation: string | undefined;

  constructor(message: string, options: BoxliteErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const given = options.errno;
    const keepsNumber = given !== undefined && (new.target === BoxliteError || !rows.has(given));
    const row = rows.get(keepsNumber ? given : new.target.errno) ?? internal;
    this.code = row.code;
    this.errno = keepsNumber ? given : row.errno;
    this.httpStatus = row.httpStatus;
    this.operation = options.operation;
  }

  /**
   * Anything that was thrown as a typed error: a {@link BoxliteError} of any copy of this package as it is,
   * anything else as an {@link InternalError} whose cause it becomes.
   */
  static from(value: unknown): BoxliteError {
    if (isBoxliteError(value)) return value;
    // Whatever it is, showing it must not throw.
    const message =
      value instanceof Error ? value.message : `thrown: ${inspect(value, { depth: 0 }).slice(0, 80)}`;
    return errorOf(1, message, { cause: value });
  }
}
brand(BoxliteError, 'BoxliteError');

/**
 * Whether a value is an error of this package, made by any installed copy of it.
 *
 * @param code - Asks for this one code only.
 */
export function isBoxliteError(value: unknown, code?: BoxliteErrorCode): value is BoxliteError {
  return value instanceof BoxliteError && (code === undefined || value.code === code);
}

/** Tells the table which class stands for a number; called once for each subclass. */
export function register(errorClass: ErrorClass & { errno: number }, name: string): void {
  brand(errorClass, name);
  classes.set(errorClass.errno, errorClass);
}

/** The error for a number of the C ABI. */
export function errorOf(errno: number, message: string, options: BoxliteErrorOptions = {}): BoxliteError {
  const known = classes.get(errno);
  if (known) return new known(message, options);
  const fallback = classes.get(1) ?? BoxliteError;
  return new fallback(message, { ...options, errno });
}
