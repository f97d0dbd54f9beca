import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import { bytesOf, sh, test } from './support.js';

test('resolves while a reader still has everything before it', async ({ box }) => {
  // Less than what makes the bridge pause the process for a reader that does not read.
  const execution = await sh(box, 'seq 1 100000; exit 4');
  execution.stdout.once('readable', () => undefined);
  await turn();
  let drained = false;
  const waited = execution.wait().then(() => (drained = true));
  expect((await execution.wait({ drain: false })).exitCode).toBe(4);
  expect(drained).toBe(false);
  expect((await bytesOf(execution.stdout)).length).toBe(588_895);
  await waited;
});

test('resolves after the end as well', async ({ box }) => {
  const execution = await sh(box, 'exit 5');
  await execution.wait();
  expect((await execution.wait({ drain: false })).exitCode).toBe(5);
});

test('refuses what is no flag', async ({ box }) => {
  const execution = await sh(box, 'exit 5');
  await expect(execution.wait({ drain: 1 as never })).rejects.toMatchObject({ code: 'invalid_argument' });
  await execution.wait();
});
