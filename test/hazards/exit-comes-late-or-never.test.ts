import { expect } from 'vitest';
import { newGate, release, story, test } from './fault.js';

// H4: a background child holds a pipe, and the exit callback waits for it; the wait has answered long before.

test('a wait without an exit callback ends the execution after the grace', async ({ box }) => {
  expect(await story(await box.exec('stdout "all"; wait 3'))).toEqual(['stdout:all', 'exit:3', 'wait:3']);
});

test('a failed wait without an exit callback rejects after the grace', async ({ box }) => {
  expect(await story(await box.exec('stdout "all"; wait error 17'))).toEqual([
    'stdout:all',
    'wait:RpcTransportError',
  ]);
});

test('an exit callback without a wait is the end, at once', async ({ box }) => {
  expect(await story(await box.exec('stdout "all"; exit 5'))).toEqual(['stdout:all', 'exit:5', 'wait:5']);
});

test('an exit callback that comes after the grace is ignored', async ({ box }) => {
  const gate = newGate();
  const execution = await box.exec(
    `outlive; stdout "a"; wait 0; hold ${gate}; stdout "b"; exit 9; release ${gate}-done`,
  );
  const told: string[] = [];
  execution.on('exit', ({ exitCode }) => told.push(`exit:${exitCode}`));
  expect((await execution.wait()).exitCode).toBe(0);
  await release(box, gate);
  await box.run(`hold ${gate}-done; end 0`);
  expect((await execution.wait()).exitCode).toBe(0);
  expect(told).toEqual(['exit:0']);
});

test('neither exit nor wait: it runs until it is killed', async ({ box }) => {
  const execution = await box.exec('stdout "alive"');
  execution.stdout.on('data', () => void execution.kill());
  expect(await execution.wait()).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
});
