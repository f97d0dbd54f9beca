import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test as base } from 'vitest';
import { BoxliteError, InvalidArgumentError, InvalidStateError } from '../../lib/index.js';
import * as native from '../../lib/native/index.js';

const test = base.extend<{ runtime: native.NativeRuntime; box: native.NativeBox }>({
  runtime: async ({}, use) => {
    const runtime = await native.openRuntime({});
    await use(runtime);
    await native.runtimeShutdown(runtime);
  },
  box: async ({ runtime }, use) => {
    await use(await native.createBox(runtime, { image: '', autoRemove: false }));
  },
});

const shell = (script: string) => ({ command: '/bin/sh', args: ['-c', script] });

describe('callbacks', () => {
  test('every chunk, then exit, then wait', async ({ box }) => {
    const execution = await native.boxExec(box, shell('printf out; printf err >&2; exit 3'));
    const story: string[] = [];
    const exited = new Promise<void>((resolve) => {
      native.executionOnStdout(execution, (chunk) => story.push(chunk.toString()));
      native.executionOnStderr(execution, (chunk) => story.push(chunk.toString()));
      native.executionOnExit(execution, ({ exitCode }) => {
        story.push(`exit:${exitCode}`);
        resolve();
      });
    });
    const { exitCode } = await native.executionWait(execution);
    story.push(`wait:${exitCode}`);
    await exited;
    expect(story.slice(0, 2).sort()).toEqual(['err', 'out']);
    expect(story.slice(2)).toEqual(['exit:3', 'wait:3']);
    await native.executionFree(execution);
  });

  test('what came before the callback is delivered first', async ({ box }) => {
    const execution = await native.boxExec(box, shell('seq 1 50000'));
    await native.executionWait(execution);
    const bytes = await new Promise<number>((resolve) => {
      let sum = 0;
      native.executionOnStdout(execution, (chunk) => {
        sum += chunk.length;
        if (sum === 288_894) resolve(sum);
      });
    });
    expect(bytes).toBe(288_894);
    await native.executionFree(execution);
  });

  test('a paused one is given nothing until it is resumed', async ({ box }) => {
    const execution = await native.boxExec(box, shell('echo now'));
    const story: string[] = [];
    execution.onStdout((chunk) => story.push(chunk.toString()));
    execution.pause(1);
    await execution.wait(false);
    expect(story).toEqual([]);
    execution.resume(1);
    await execution.wait();
    expect(story).toEqual(['now\n']);
    await execution.close();
  });

  test('a stream has one reader', async ({ box }) => {
    const execution = await native.boxExec(box, shell('true'));
    execution.onStdout(() => undefined);
    expect(() => execution.onStdout(() => undefined)).toThrow(InvalidStateError);
    expect(() => execution.attach(1, () => undefined)).toThrow(InvalidStateError);
    await execution.wait();
    await execution.close();
  });

  test('death by signal is −n', async ({ box }) => {
    const execution = await native.boxExec(box, { command: 'sleep', args: ['60'] });
    await native.executionSignal(execution, 15);
    expect((await native.executionWait(execution)).exitCode).toBe(-15);
    await native.executionFree(execution);
  });
});

test('stdin by functions', async ({ box }) => {
  const execution = await native.boxExec(box, { command: 'cat' });
  let echo = '';
  native.executionOnStdout(execution, (chunk) => (echo += chunk.toString()));
  await native.executionStdinWrite(execution, Buffer.from('through'));
  await native.executionStdinClose(execution);
  expect((await native.executionWait(execution)).exitCode).toBe(0);
  expect(echo).toBe('through');
  await native.executionFree(execution);
});

test('boxes by functions', async ({ runtime, box }) => {
  expect(native.boxId(box)).toBe(box.id);
  await native.startBox(box);
  expect((await native.boxInfo(box)).status).toBe('running');
  await native.stopBox(box);
  expect((await native.getInfo(runtime, box.id)).status).toBe('stopped');
  const again = await native.get(runtime, box.id);
  native.boxFree(again);
  expect((await native.listInfo(runtime)).map(({ id }) => id)).toEqual([box.id]);
  await native.remove(runtime, box.id, true);
  await expect(native.get(runtime, box.id)).rejects.toMatchObject({ code: 'not_found' });
  const { created } = await native.getOrCreateBox(runtime, { image: '', name: 'n', autoRemove: false });
  expect(created).toBe(true);
});

test('bad arguments are InvalidArgumentError', async ({ runtime, box }) => {
  const attempts = [
    () => native.createBox({} as never, { image: '', autoRemove: false }),
    () => native.createBox(runtime, { image: 5 } as never),
    () => native.boxExec(undefined as never, { command: 'true' }),
    () => native.boxExec(box, {} as never),
    () => native.boxExec(box, { command: 'true', args: [1] } as never),
    () => native.get(runtime, 5 as never),
    () => native.executionKill(null as never),
    () => native.openRuntime(5 as never),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toThrow(InvalidArgumentError);
});

test('failures are typed', async ({ runtime }) => {
  const error = await native.get(runtime, 'nobody').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BoxliteError);
});

test('the coverage of the ABI is data', () => {
  const rows = native.abiCoverage();
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.filter(({ bound, reason }) => !bound && !reason).map(({ symbol }) => symbol)).toEqual([]);
  expect(native.engineVersion()).toMatch(/^\d+\.\d+/);
});

test('files go in and out', async ({ box }) => {
  const folder = mkdtempSync(join(tmpdir(), 'native-copy-'));
  try {
    await native.copyOut(box, '/etc/passwd', join(folder, 'out'));
    await native.copyInto(box, join(folder, 'out'), `${folder}/in/`);
    expect(readFileSync(join(folder, 'in/out'), 'utf8')).toBe(readFileSync('/etc/passwd', 'utf8'));
    const kept = native.copyOut(box, '/etc/passwd', join(folder, 'out'), { keepExisting: true });
    await expect(kept).rejects.toMatchObject({ errno: 3 });
    // The empty path of a box is the engine's to judge.
    await expect(native.copyOut(box, '', folder)).rejects.toMatchObject({ errno: 6 });
    await expect(native.copyOut(box, '/etc/passwd', 5 as never)).rejects.toThrow(InvalidArgumentError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
