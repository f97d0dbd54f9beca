import { expect } from 'vitest';
import { sh, test } from './support.js';

test('a destroyed stream is discarded and holds nothing up', async ({ box }) => {
  const execution = await sh(box, 'seq 1 1000000; echo end >&2');
  execution.stdout.once('data', () => execution.stdout.destroy());
  let stderr = '';
  for await (const chunk of execution.stderr) stderr += String(chunk);
  expect(stderr).toBe('end\n');
  expect((await execution.wait()).exitCode).toBe(0);
});

test('so is one whose loop was left', async ({ box }) => {
  const execution = await sh(box, 'seq 1 1000000');
  for await (const line of execution.lines()) {
    if (line === '3') break;
  }
  expect((await execution.wait()).exitCode).toBe(0);
});

test('and both of them, when output() was left', async ({ box }) => {
  const execution = await sh(box, 'seq 1 1000000; seq 1 1000000 >&2');
  for await (const { data } of execution.output()) {
    if (data.length > 0) break;
  }
  expect((await execution.wait()).exitCode).toBe(0);
});

test('a stream that was destroyed before anybody read it too', async ({ box }) => {
  const execution = await sh(box, 'seq 1 1000000');
  execution.stdout.destroy();
  expect((await execution.wait()).exitCode).toBe(0);
});

test('a command that runs for ever is killed after its reader has left', async ({ box }) => {
  const execution = await sh(box, 'while :; do echo y; done');
  for await (const line of execution.lines()) {
    expect(line).toBe('y');
    break;
  }
  await execution.kill();
  expect((await execution.wait()).signal).toBe('SIGKILL');
});
