import { InvalidArgumentError } from './error-classes.js';
import { nearest } from './nearest.js';

/** A value as a message may show it: quoted, cut at 80 characters, large things by their kind only. */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  }
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}

export function invalid(name: string, expected: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`${name} must be ${expected}, got ${describe(value)}`);
}

/**
 * A string that survives the way through C: it would end at U+0000, and half a surrogate pair is no UTF-8.
 *
 * @param secret - Keeps the value out of messages.
 */
export function checkText(value: unknown, name: string, secret = false): string {
  if (typeof value !== 'string') {
    throw invalid(name, 'a string', secret ? typeof value : value);
  }
  // The common case in one pass; the reason is looked for afterwards.
  if (!/[\0\p{Surrogate}]/u.test(value)) return value;
  const flaw = value.includes('\0') ? 'without U+0000' : 'without half a surrogate pair';
  if (secret) throw new InvalidArgumentError(`${name} must be a string ${flaw}`);
  throw invalid(name, `a string ${flaw}`, value);
}

/** As {@link checkText}, and not empty. */
export function checkName(value: unknown, name: string): string {
  const text = checkText(value, name);
  if (text === '') throw invalid(name, 'a string that is not empty', value);
  return text;
}

/** A frozen copy of an array of strings. */
export function checkTexts(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw invalid(name, 'an array of strings', value);
  // Not map(), which leaves the holes of a sparse array as they are.
  return Array.from(value, (item: unknown, index) => checkText(item, `${name}[${index}]`));
}

/** What `setTimeout` and the engines can take at most, in milliseconds; beyond it timers fire at once. */
export const longestGraceMs = 2 ** 31 - 1;

interface Range {
  min: number;
  max: number;
  unit?: string;
}

export function checkInteger(value: unknown, name: string, { min, max, unit }: Range): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw invalid(name, `a whole number ${unit ? `of ${unit} ` : ''}${range}`, value);
}

/**
 * Reads an options object once, key by key. What it was not asked for by the time of {@link nothingElse} is a
 * typing error of the caller, not a silent default. A key whose value is undefined counts as absent.
 */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;
  readonly #known: string[] = [];

  /** @param prefix - Where the object stands inside another one, as `volumes[0]`. */
  constructor(value: unknown, prefix = '', what = 'options') {
    if (value === undefined) value = {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalid(prefix === '' ? what : prefix, 'an object', value);
    }
    this.#values = value as Record<string, unknown>;
    this.#prefix = prefix === '' ? '' : `${prefix}.`;
  }

  /** The key as it stands; undefined if absent. */
  any(key: string): unknown {
    this.#known.push(key);
    return this.#values[key];
  }

  name(key: string): string {
    return `${this.#prefix}${key}`;
  }

  text(key: string): string | undefined {
    return this.#read(key, checkText);
  }

  /** A string that must not be empty. */
  nonEmpty(key: string): string | undefined {
    return this.#read(key, checkName);
  }

  secret(key: string): string | undefined {
    return this.#read(key, (value, name) => checkText(value, name, true));
  }

  texts(key: string): string[] | undefined {
    return this.#read(key, checkTexts);
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, (value, name) => {
      if (typeof value !== 'boolean') throw invalid(name, 'true or false', value);
      return value;
    });
  }

  integer(key: string, range: Range): number | undefined {
    return this.#read(key, (value, name) => checkInteger(value, name, range));
  }

  /** A finite number of milliseconds: above zero, or at least zero where nothing may mean "at once". */
  milliseconds(key: string, zero: 'zero allowed' | 'positive' = 'positive'): number | undefined {
    return this.#read(key, (value, name) => {
      const fits = typeof value === 'number' && Number.isFinite(value);
      if (fits && (value > 0 || (zero === 'zero allowed' && value === 0))) return value;
      throw invalid(
        name,
        `a ${zero === 'positive' ? 'positive' : 'non-negative'} number of milliseconds`,
        value,
      );
    });
  }

  oneOf<const T extends string>(key: string, words: readonly T[]): T | undefined {
    return this.#read(key, (value, name) => {
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) throw invalid(name, words.map((w) => `'${w}'`).join(' or '), value);
      return word;
    });
  }

  callback<T extends (...args: never[]) => unknown>(key: string): T | undefined {
    return this.#read(key, (value, name) => {
      if (typeof value !== 'function') throw invalid(name, 'a function', value);
      return value as T;
    });
  }

  /** An object of its own, read by `each`. */
  object<T>(key: string, each: (reader: OptionReader) => T): T | undefined {
    return this.#read(key, (value, name) => readWhole(new OptionReader(value, name), each));
  }

  /** An array of objects, each read by `each`. */
  objects<T>(key: string, each: (reader: OptionReader) => T): T[] | undefined {
    return this.#read(key, (value, name) => {
      if (!Array.isArray(value)) throw invalid(name, 'an array of objects', value);
      return Array.from(value, (item: unknown, index) => {
        if (item === undefined) throw invalid(`${name}[${index}]`, 'an object', item);
        return readWhole(new OptionReader(item, `${name}[${index}]`), each);
      });
    });
  }

  /** Environment variables as k0, v0, k1, v1, …; their values never reach a message. */
  environment(key: string): string[] | undefined {
    return this.#read(key, (value, name) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalid(name, 'an object of strings', value);
      }
      return Object.entries(value).flatMap(([variable, text]: [string, unknown]) => {
        checkText(variable, `a name in ${name}`);
        if (variable === '' || variable.includes('=')) {
          throw invalid(`a name in ${name}`, "a string that is not empty and has no '='", variable);
        }
        return [variable, checkText(text, `${name}.${variable}`, true)];
      });
    });
  }

  /** Refuses every key that nobody asked for. */
  nothingElse(): void {
    for (const key of Object.keys(this.#values)) {
      if (this.#known.includes(key)) continue;
      const meant = nearest(key, this.#known);
      throw new InvalidArgumentError(
        `unknown option ${this.name(describeKey(key))}` +
          (meant === undefined ? '' : `; did you mean ${meant}?`),
      );
    }
  }

  #read<T>(key: string, check: (value: unknown, name: string) => T): T | undefined {
    const value = this.any(key);
    return value === undefined ? undefined : check(value, this.name(key));
  }
}

/** Reads an options object to its last key. */
export function readWhole<T>(reader: OptionReader, read: (reader: OptionReader) => T): T {
  const result = read(reader);
  reader.nothingElse();
  return result;
}

/** Demands what an object cannot do without. */
export function required<T>(value: T | undefined, name: string, expected: string): T {
  if (value === undefined) throw invalid(name, expected, value);
  return value;
}

/** The record without its undefined members: absent and undefined are not the same to the addon. */
export function compact<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T {
  const result = {} as T;
  for (const key in record) {
    const value = record[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function describeKey(key: string): string {
  return key.length > 80 ? `${key.slice(0, 80)}…` : key;
}
