import { once } from 'node:events';
import { expect } from 'vitest';
import { firstLine, listen, sh, test } from './support.js';

test('close comes after exit and after the streams that were read', async ({ box }) => {
  const execution = await sh(box, 'echo a; echo b >&2');
  const story = listen(execution);
  for (const name of ['stdout', 'stderr'] as const) {
    execution[name].on('close', () => story.push(name)).resume();
  }
  await once(execution, 'close');
  expect(story.slice(0, 3).sort()).toEqual(['exit:0', 'stderr', 'stdout']);
  expect(story[3]).toBe('close');
});

test('close comes also where nobody reads', async ({ box }) => {
  const execution = await sh(box, 'seq 1 10000');
  const story = listen(execution);
  await once(execution, 'close');
  expect(story).toEqual(['exit:0', 'close']);
});

test('closing a running command kills it, answers its waits and releases it', async ({ box }) => {
  const execution = await sh(box, 'echo ready; sleep 60');
  expect(await firstLine(execution)).toBe('ready');
  const waited = execution.wait().catch((error: unknown) => error);
  await execution.close();
  await execution.close();
  expect(await waited).toBeDefined();
  expect(execution.stdout.destroyed).toBe(true);
  expect(execution.stdin.destroyed).toBe(true);
});

test('await using closes', async ({ box }) => {
  let stdout;
  {
    await using execution = await sh(box, 'sleep 60');
    stdout = execution.stdout;
  }
  expect(stdout.destroyed).toBe(true);
});
