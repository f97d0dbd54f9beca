import { describe, expect } from 'vitest';
import * as native from '../../lib/native/index.js';
import { engine, newGate, test as base, pattern } from './fault.js';

// The surface for other SDKs: the same order, pushed instead of pulled.

const test = base.extend<{ raw: Awaited<ReturnType<typeof rawBox>> }>({
  raw: async ({}, use) => {
    const opened = await rawBox();
    await use(opened);
    await opened.runtime.close();
  },
});

async function rawBox() {
  const runtime = await native.openRuntime({ libraryPath: engine().library, homeDir: newGate() });
  const box = await runtime.createBox({ image: 'none', autoRemove: false });
  await box.start();
  return { runtime, box };
}

/** Reads both streams by callbacks and tells what came, joined. */
async function pushed(execution: native.NativeExecution): Promise<string[]> {
  const told: string[] = [];
  const chunks: Buffer[] = [];
  execution.onStdout((chunk) => void chunks.push(chunk));
  execution.onStderr((chunk) => void told.push(`stderr:${chunk.toString()}`));
  execution.onExit(({ exitCode, error }) =>
    told.push(
      `stdout:${Buffer.concat(chunks).toString()}`,
      `exit:${exitCode}${error ? ` ${error.name}` : ''}`,
    ),
  );
  const { exitCode } = await execution.wait();
  told.push(`wait:${exitCode}`);
  return told;
}

describe('callbacks', () => {
  test('a wait that arrives before the last chunk is held', async ({ raw }) => {
    const execution = await raw.box.exec({ command: 'wait 0; stdout "tail"; exit 0; stdout "late"' });
    expect(await pushed(execution)).toEqual(['stdout:tail', 'exit:0', 'wait:0']);
  });

  test('a lost status is told with its error', async ({ raw }) => {
    const execution = await raw.box.exec({ command: 'stdout "x"; wait error 11; exit -1' });
    expect(await pushed(execution)).toEqual(['stdout:x', 'exit:-1 StoppedError', 'wait:-1']);
  });

  test('more than one turn can carry comes in several, complete', async ({ raw }) => {
    const execution = await raw.box.exec({ command: 'flood stdout 120 65536; end 0' });
    execution.pause(1);
    const telling = pushed(execution);
    // All of it is there before the first callback.
    await execution.wait(false);
    execution.resume(1);
    expect(await telling).toEqual([`stdout:${pattern(120 * 65536).toString()}`, 'exit:0', 'wait:0']);
  });

  test('a paused reader holds exit and wait up, and nobody else', async ({ raw }) => {
    const execution = await raw.box.exec({ command: 'stdout "held"; end 0' });
    const told: string[] = [];
    execution.pause(1);
    execution.onStdout((chunk) => void told.push(chunk.toString()));
    execution.onExit(() => void told.push('exit'));
    await execution.wait(false);
    expect((await (await raw.box.exec({ command: 'end 3' })).wait()).exitCode).toBe(3);
    expect(told).toEqual([]);
    execution.resume(1);
    await execution.wait();
    expect(told).toEqual(['held', 'exit']);
  });

  test('a chunk callback that throws loses no other chunk and no exit', async ({ raw }) => {
    const execution = await raw.box.exec({ command: 'stdout "a"; hold stdin; stdout "b"; end 0' });
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => void thrown.push(error));
    const told: string[] = [];
    execution.onStdout((chunk) => {
      told.push(chunk.toString());
      if (told.length > 1) return;
      void execution.write(Buffer.from('go'));
      throw new Error('mine');
    });
    expect((await execution.wait()).exitCode).toBe(0);
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(told).toEqual(['a', 'b']);
    expect(thrown).toEqual([new Error('mine')]);
  });
});

test('several waits are all answered', async ({ raw }) => {
  const execution = await raw.box.exec({ command: 'hold stdin; end 3' });
  const waits = [1, 2, 3].map(() => execution.wait());
  await execution.write(Buffer.from('go'));
  expect((await Promise.all(waits)).map(({ exitCode }) => exitCode)).toEqual([3, 3, 3]);
});

test('a kill that fails because the end overtook it is a success', async ({ raw }) => {
  const gate = newGate();
  const execution = await raw.box.exec({ command: `kill holds ${gate}; kill fails 1; hold stdin; end 0` });
  const killed = execution.kill();
  await execution.write(Buffer.from('go'));
  expect((await execution.wait()).exitCode).toBe(0);
  await raw.box.exec({ command: `early; release ${gate}; end 0` });
  await killed;
});
