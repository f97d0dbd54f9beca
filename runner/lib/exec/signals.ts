import { HttpError } from '../http/http-error.js';

/** What callers may send. Stop and continue are not in it: a frozen execution would hold its slot invisibly. */
const allowed: ReadonlyMap<number, string> = new Map([
  [1, 'HUP'],
  [2, 'INT'],
  [3, 'QUIT'],
  [6, 'ABRT'],
  [10, 'USR1'],
  [12, 'USR2'],
  [15, 'TERM'],
  [28, 'WINCH'],
]);

const list = [...allowed].map(([number, name]) => `${number} (${name})`).join(', ');

/** @throws HttpError 400 for a signal outside the set. */
export function checkSignal(signal: number): void {
  if (allowed.has(signal)) return;
  throw HttpError.invalid(`signal must be one of ${list}; to kill, use DELETE on the execution`);
}
