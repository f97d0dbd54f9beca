import { expect } from 'vitest';
import { sh, test } from './support.js';

test('a command that runs too long is ended by TERM', async ({ box }) => {
  const execution = await box.exec('sleep', ['60'], { timeoutMs: 100 });
  const status = await execution.wait();
  expect(status).toMatchObject({ exitCode: null, signal: 'SIGTERM', timedOut: true });
  expect(status.durationMs).toBeGreaterThanOrEqual(99);
});

test('one that ignores TERM is ended by KILL, with all it had started', async ({ box }) => {
  const execution = await sh(box, 'trap "" TERM; echo ready; sleep 60; sleep 60', { timeoutMs: 200 });
  let output = '';
  for await (const line of execution.lines()) output += line;
  expect(await execution.wait()).toMatchObject({ signal: 'SIGKILL', timedOut: true });
  expect(output).toBe('ready');
});

test('what it wrote before is not lost', async ({ box }) => {
  const { stdout, timedOut } = await box.run('/bin/sh', ['-c', 'seq 1 1000; sleep 60'], { timeoutMs: 300 });
  expect(timedOut).toBe(true);
  expect(stdout.endsWith('999\n1000\n')).toBe(true);
});

test('a command that ends in time has not timed out', async ({ box }) => {
  const { timedOut, exitCode } = await box.run('true', [], { timeoutMs: 30_000 });
  expect([timedOut, exitCode]).toEqual([false, 0]);
});

test('neither has one that somebody else killed', async ({ box }) => {
  const execution = await box.exec('sleep', ['60'], { timeoutMs: 30_000 });
  await execution.kill('SIGTERM');
  expect(await execution.wait()).toMatchObject({ signal: 'SIGTERM', timedOut: false });
});
