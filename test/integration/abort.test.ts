import { getEventListeners } from 'node:events';
import { expect } from 'vitest';
import { AbortError } from '../../lib/index.js';
import { firstLine, sh, test } from './support.js';

const reason = new Error('enough');

test('a signal that is aborted already starts nothing', async ({ box }) => {
  const aborted = AbortSignal.abort(reason);
  const error = await box.exec('true', [], { signal: aborted }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AbortError);
  expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
});

test('abort while exec is on its way rejects, and the process is gone', async ({ box }) => {
  const controller = new AbortController();
  const starting = box.exec('sleep', ['97531'], { signal: controller.signal });
  controller.abort(reason);
  await expect(starting).rejects.toMatchObject({ code: 'ABORT_ERR', cause: reason });
  const { stdout } = await box.run('/bin/sh', ['-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "']);
  expect(stdout).not.toContain('sleep 97531 ');
});

test('abort while it runs kills it, and wait rejects with the reason as cause', async ({ box }) => {
  const controller = new AbortController();
  const execution = await sh(box, 'echo ready; sleep 60', { signal: controller.signal });
  expect(await firstLine(execution)).toBe('ready');
  controller.abort(reason);
  await expect(execution.wait()).rejects.toMatchObject({ code: 'ABORT_ERR', cause: reason });
  await expect(execution.wait({ drain: false })).rejects.toMatchObject({ code: 'ABORT_ERR' });
});

test('an abort after somebody was told the end changes nothing', async ({ box }) => {
  const controller = new AbortController();
  const execution = await sh(box, 'echo unread', { signal: controller.signal });
  execution.stdout.pause();
  execution.stdout.on('readable', () => undefined);
  const early = await execution.wait({ drain: false });
  controller.abort(reason);
  execution.stdout.removeAllListeners('readable').resume();
  expect(await execution.wait()).toEqual(early);
});

test('run is aborted as well', async ({ box }) => {
  await expect(box.run('sleep', ['60'], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    code: 'ABORT_ERR',
    cause: { name: 'TimeoutError' },
  });
});

test('nothing listens to the signal after the end', async ({ box }) => {
  const controller = new AbortController();
  const execution = await box.exec('true', [], { signal: controller.signal });
  await execution.wait();
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  controller.abort();
  expect((await execution.wait()).exitCode).toBe(0);
});
