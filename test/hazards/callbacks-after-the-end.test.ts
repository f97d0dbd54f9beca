import { expect } from 'vitest';
import { newGate, story, test } from './fault.js';

// H11: chunks that were queued before the handle was freed come after it; H33: an exit that is told twice.

test('a chunk after exit is not told', async ({ box }) => {
  expect(await story(await box.exec('stdout "a"; exit 0; stdout "late"; stderr "late"; wait 0'))).toEqual([
    'stdout:a',
    'exit:0',
    'wait:0',
  ]);
});

test('an exit that comes twice is told once', async ({ box }) => {
  expect(await story(await box.exec('exit 1; exit 2; wait 1; exit 3'))).toEqual(['exit:1', 'wait:1']);
});

test('a wait that is answered twice is told once', async ({ box }) => {
  expect(await story(await box.exec('wait 4; wait-again 5; stdout "x"; exit 4; wait-again 6'))).toEqual([
    'stdout:x',
    'exit:4',
    'wait:4',
  ]);
});

test('callbacks after the handle was freed find nobody', async ({ box }) => {
  const done = newGate();
  const script = 'end 0; hold freed; stdout "late"; stderr "late"; exit 7; wait-again 7';
  const execution = await box.exec(`outlive; ${script}; release ${done}`);
  expect(await story(execution)).toEqual(['exit:0', 'wait:0']);
  expect((await box.run(`hold ${done}; stdout "alive"; end 0`)).stdout).toBe('alive');
});

test('callbacks from a thread of the engine keep the order', async ({ box }) => {
  const told = await story(await box.exec('thread; stdout "a"; stderr "b"; exit 3; stdout "late"; wait 3'));
  expect(told).toEqual(['stdout:a', 'stderr:b', 'exit:3', 'wait:3']);
});
