import { expect } from 'vitest';
import { bytesOf, sh, test } from './support.js';

test('a command with a terminal has one on all three', async ({ box }) => {
  const { stdout } = await box.run('/bin/sh', ['-c', 'test -t 0 && test -t 1 && test -t 2 && echo yes'], {
    tty: true,
    stdin: 'pipe',
  });
  expect(stdout.trim()).toBe('yes');
});

test('it has the size that was asked for', async ({ box }) => {
  const { stdout } = await box.run('stty', ['size'], { tty: { cols: 123, rows: 45 }, stdin: 'pipe' });
  expect(stdout.trim()).toBe('45 123');
});

test('resize reaches it', async ({ box }) => {
  const execution = await sh(box, 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.01; done', {
    tty: { cols: 80, rows: 24 },
  });
  const lines = execution.lines();
  expect((await lines.next()).value).toBe('ready');
  await execution.resize({ cols: 101, rows: 31 });
  expect((await lines.next()).value).toBe('31 101');
  await lines.return?.();
  await execution.wait();
  await execution.resize({ cols: 1, rows: 1 });
});

test('stderr is part of stdout and ends at once', async ({ box }) => {
  const execution = await sh(box, 'echo out; echo err >&2', { tty: true });
  expect((await bytesOf(execution.stderr)).length).toBe(0);
  expect((await bytesOf(execution.stdout)).toString()).toBe('out\r\nerr\r\n');
});

test('resizing a command without a terminal is refused', async ({ box }) => {
  const execution = await box.exec('sleep', ['60']);
  await expect(execution.resize({ cols: 80, rows: 24 })).rejects.toMatchObject({
    operation: expect.any(String) as string,
  });
  await expect(execution.resize({ cols: 0, rows: 24 })).rejects.toMatchObject({ code: 'invalid_argument' });
  await execution.close();
});
