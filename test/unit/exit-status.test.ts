import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { exitStatus } from '../../lib/exit-status.js';
import { signalNumber } from '../../lib/signals.js';

function statusOf(exitCode: number): { exitCode: number | null; signal: string | null } {
  const { exitCode: code, signal } = exitStatus({ exitCode, timedOut: false, durationMs: 0 });
  return { exitCode: code, signal };
}

test.each([0, 1, 126, 127, 128, 137, 255])('exit code %i is itself', (code) => {
  expect(statusOf(code)).toEqual({ exitCode: code, signal: null });
});

test.each([
  [-1, 'SIGHUP'],
  [-6, 'SIGABRT'],
  [-9, 'SIGKILL'],
  [-15, 'SIGTERM'],
  [-29, 'SIGIO'],
  [-32, 'SIG32'],
  [-34, 'SIGRTMIN'],
  [-40, 'SIGRTMIN+6'],
  [-64, 'SIGRTMAX'],
])('%i is death by %s', (code, name) => {
  expect(statusOf(code)).toEqual({ exitCode: null, signal: name });
});

test('the deadline and the duration are passed on', () => {
  expect(exitStatus({ exitCode: -15, timedOut: true, durationMs: 12.5 })).toEqual({
    exitCode: null,
    signal: 'SIGTERM',
    timedOut: true,
    durationMs: 12.5,
  });
});

test.each(Object.entries(constants.signals))('%s has number %i', (name, number) => {
  expect(signalNumber(name)).toBe(number);
});
