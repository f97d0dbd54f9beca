import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isBoxliteError, Runtime } from '../../lib/index.js';

const bytes = 1_000_000;

test.each([
  ['gathered', {}],
  ['watched', { onStdout: () => undefined }],
])('run() never passes a part of the output off as all of it: %s', async (_, watching) => {
  for (let round = 0; round < 60; round++) {
    const runtime = await Runtime.open({ engine: 'embedded' });
    const box = await runtime.create();
    const running = box
      .run('head', ['-c', String(bytes), '/dev/zero'], { encoding: 'buffer', ...watching })
      .catch((error: unknown) => error);
    await sleep(round % 12);
    await runtime.close();
    const outcome = await running;
    if (outcome instanceof Error) expect(isBoxliteError(outcome), String(outcome)).toBe(true);
    else expect(outcome).toMatchObject({ stdout: { length: bytes } });
  }
});
