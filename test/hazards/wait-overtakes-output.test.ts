import { expect } from 'vitest';
import { bytesOf, pattern, story, test } from './fault.js';

// H3: the wait's answer is queued by a task of its own, before output that is still on its way.

test('holds a wait that arrives before the last chunk', async ({ box }) => {
  expect(await story(await box.exec('wait 0; stdout "tail"; exit 0'))).toEqual([
    'stdout:tail',
    'exit:0',
    'wait:0',
  ]);
});

test('holds a wait that arrives before the last chunk of the other stream', async ({ box }) => {
  const told = await story(await box.exec('stdout "out"; wait 2; stderr "err"; exit 2'));
  expect(told).toEqual(['stdout:out', 'stderr:err', 'exit:2', 'wait:2']);
});

test('holds a wait that overtakes three thousand chunks', async ({ box }) => {
  const execution = await box.exec('wait 0; flood stdout 3000 100; exit 0');
  const waited = execution.wait().then(() => (atWait = bytes));
  let bytes = 0;
  let atWait = -1;
  for await (const chunk of execution.stdout) bytes += (chunk as Buffer).length;
  await waited;
  expect(atWait).toBe(300_000);
});

test('a wait without drain is answered only when every byte is kept', async ({ box }) => {
  const execution = await box.exec('wait 0; flood stdout 2000 100; exit 0');
  await execution.wait({ drain: false });
  expect((await bytesOf(execution.stdout)).equals(pattern(200_000))).toBe(true);
});

test('answers three waits in the order they were asked', async ({ box }) => {
  const execution = await box.exec('wait 4; stdout "x"; exit 4');
  const answers: number[] = [];
  await Promise.all([0, 1, 2].map((i) => execution.wait().then(() => answers.push(i))));
  await Promise.all([3, 4].map((i) => execution.wait().then(() => answers.push(i))));
  expect(answers).toEqual([0, 1, 2, 3, 4]);
});

test('run() has all output when the wait came first', async ({ box }) => {
  const { stdout, stderr, exitCode } = await box.run('wait 1; stdout "a"; stderr "b"; stdout "c"; exit 1');
  expect([stdout, stderr, exitCode]).toEqual(['ac', 'b', 1]);
});

test('run() has all output when its end was told before its start', async ({ box }) => {
  // run() tells a start later; here nothing else is left to come that could tell it.
  const { stdout, exitCode } = await box.run('onwait holds 60ms; stdout "all"; end 3');
  expect({ stdout, exitCode }).toEqual({ stdout: 'all', exitCode: 3 });
});
