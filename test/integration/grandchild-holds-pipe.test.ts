import { expect } from 'vitest';
import { bytesOf, listen, sh, test } from './support.js';

test('a grandchild that keeps a pipe open holds up neither exit nor the end of the stream', async ({
  box,
}) => {
  const execution = await sh(box, 'sleep 300 & echo last words; exit 6');
  const story = listen(execution);
  expect((await bytesOf(execution.stdout)).toString()).toBe('last words\n');
  expect((await execution.wait()).exitCode).toBe(6);
  expect(story[0]).toBe('exit:6');
});

test('what a grandchild writes in time is delivered', async ({ box }) => {
  const { stdout, exitCode } = await box.run('/bin/sh', ['-c', '(echo child) & echo parent; wait']);
  expect(stdout.split('\n').sort()).toEqual(['', 'child', 'parent']);
  expect(exitCode).toBe(0);
});

test('a daemon that left its session is no obstacle to run()', async ({ box }) => {
  const { stdout } = await box.run('/bin/sh', ['-c', 'setsid sleep 300 & echo started']);
  expect(stdout).toBe('started\n');
});
