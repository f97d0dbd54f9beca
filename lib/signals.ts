import { constants } from 'node:os';
import { describe } from './options.js';
import { InvalidArgumentError } from './error-classes.js';

const numbers = constants.signals as Readonly<Record<string, number | undefined>>;

// Two names may share a number (SIGABRT and SIGIOT): the first one is what everybody writes.
const names = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  if (!names.has(number)) names.set(number, name);
}

/** glibc keeps 32 and 33 for itself: the first real-time signal that programs can use is 34. */
const firstRealTime = 34;
const lastSignal = 64;

/** The number of a signal given by name or number, checked. */
export function signalNumber(signal: unknown): number {
  if (typeof signal === 'string') {
    const number = numbers[signal];
    if (number !== undefined) return number;
  } else if (typeof signal === 'number' && Number.isInteger(signal) && signal >= 1 && signal <= lastSignal) {
    return signal;
  }
  throw new InvalidArgumentError(
    `signal must be a signal's name as 'SIGTERM' or a number from 1 to ${lastSignal}, got ${describe(signal)}`,
  );
}

/** The name of a signal's number; real-time ones as SIGRTMIN+k, others that have no name as SIGn. */
export function signalName(number: number): NodeJS.Signals {
  const known = names.get(number);
  if (known !== undefined) return known as NodeJS.Signals;
  if (number === firstRealTime) return 'SIGRTMIN' as NodeJS.Signals;
  if (number === lastSignal) return 'SIGRTMAX' as NodeJS.Signals;
  const isRealTime = number > firstRealTime && number < lastSignal;
  return (isRealTime ? `SIGRTMIN+${number - firstRealTime}` : `SIG${number}`) as NodeJS.Signals;
}
