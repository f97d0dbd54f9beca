import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect } from 'vitest';
import { calls, failure, newGate, openFault, scripted, test } from './fault.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a stop spends the handle for ever (H22)', () => {
  test('start() after stop() works on the same object', async ({ box }) => {
    await box.stop();
    expect(await failure(box.exec('end 0'))).toMatchObject({ name: 'StoppedError' });
    await box.start();
    expect((await box.run('stdout "again"; end 0')).stdout).toBe('again');
  });

  test('start() after the box stopped by itself works, although the engine hands the spent life out again', async ({
    box,
  }) => {
    await failure((await box.exec('stop-box')).wait());
    expect(await failure(box.exec('end 0'))).toMatchObject({ name: 'StoppedError' });
    await box.start();
    expect((await box.run('stdout "again"; end 0')).stdout).toBe('again');
  });

  test('the same where the first news of it is the start', async ({ box }) => {
    await failure((await box.exec('stop-box')).wait());
    await box.start();
    expect((await box.run('stdout "again"; end 0')).stdout).toBe('again');
  });

  test('exec on a box that was removed meanwhile is NotFoundError, whatever its spent handle says', async ({
    runtime,
    box,
  }) => {
    await runtime.remove(box.id, { force: true });
    expect(await failure(box.exec('end 0'))).toMatchObject({ name: 'NotFoundError' });
  });
});

test('a box lives on when its object is garbage (H37)', async ({ runtime, box: witness }) => {
  const start = async () => (await runtime.create({ name: 'kept' })).exec(`stdout "x"; hold stdin; end 6`);
  const execution = await start();
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await witness.run('end 0');
  }
  execution.stdin.end('go');
  expect((await execution.wait()).exitCode).toBe(6);
  expect(await calls(witness)).not.toContain('last handle freed kept');
});

test('copies and metrics start no box by the way (H16)', async ({ runtime, box }) => {
  const other = await runtime.create({ name: 'cold' });
  await other.metrics();
  await other.copyIn(__filename, '/copy');
  await other.stop();
  for (const refused of [
    other.metrics(),
    other.copyIn(__filename, '/copy'),
    other.copyOut('/copy', `${__filename}.copy`),
  ]) {
    expect(await failure(refused)).toMatchObject({ name: 'StoppedError' });
  }
  expect(await calls(box)).not.toContain('booted by the way cold');
});

describe('the defaults of the engine delete boxes', () => {
  test('autoRemove is always said, before the delete interval that it resets (H17)', async ({
    runtime,
    box,
  }) => {
    await box.run('clear-log; end 0');
    const other = await runtime.create({ name: 'stays', autoDeleteSeconds: 0 });
    const made = await calls(box);
    expect(made.indexOf('set_auto_remove 0')).toBeGreaterThanOrEqual(0);
    expect(made.indexOf('set_auto_remove 0')).toBeLessThan(made.indexOf('set_auto_delete_interval 0'));
    await other.start();
    await other.stop();
    expect((await runtime.get('stays')).id).toBe(other.id);
  });

  test('detach alone is no contradiction (H18)', async ({ runtime }) => {
    expect((await (await runtime.create({ detach: true })).run('end 0')).exitCode).toBe(0);
  });

  test('a detached box that removes itself is refused with ConfigError', async ({ runtime }) => {
    expect(await failure(runtime.create({ detach: true, autoRemove: true }))).toMatchObject({ errno: 6 });
  });
});

describe('arguments that the engine would misunderstand never reach it', () => {
  test('256 cpus would become none (H19)', async ({ runtime, box }) => {
    for (const cpus of [0, 256, 1.5, -1]) {
      const error = await failure(runtime.create({ cpus }));
      expect(error).toMatchObject({ name: 'InvalidArgumentError' });
      expect(error.message).toContain('cpus');
    }
    await runtime.create({ name: 'big', cpus: 255 });
    expect((await (await runtime.get('big')).info()).cpus).toBe(255);
    expect(box.id).toBeTruthy();
  });

  test('a NUL would cut text, and bad environments shift pairs (H20, H21)', async ({ box }) => {
    for (const env of [{ A: 'x\0y' }, { 'A\0B': 'x' }, { A: undefined as unknown as string }]) {
      expect(await failure(box.exec('show env; end 0', [], { env }))).toMatchObject({
        name: 'InvalidArgumentError',
      });
    }
    for (const args of [['a\0b'], [undefined as unknown as string]]) {
      expect(await failure(box.exec('show args; end 0', args))).toMatchObject({
        name: 'InvalidArgumentError',
      });
    }
    expect(await failure(box.exec('end 0\0'))).toMatchObject({ name: 'InvalidArgumentError' });
    expect(await failure(box.exec('end 0', [], { workingDir: '/\0' }))).toMatchObject({
      name: 'InvalidArgumentError',
    });
  });

  test('pairs and arguments arrive as they were given', async ({ box }) => {
    const env = { A: '1', EMPTY: '', ü: 'ß\n' };
    expect((await box.run('show env; end 0', [], { env })).stdout).toBe('A=1\nEMPTY=\nü=ß\n\n');
    expect((await box.run('show args; end 0', ['a b', '', '€'])).stdout).toBe('a b\n\n€\n');
  });
});

test('a name that is taken is AlreadyExistsError, whatever number the engine has for it (H24)', async ({
  runtime,
}) => {
  await runtime.create({ name: 'taken' });
  expect(await failure(runtime.create({ name: 'taken' }))).toMatchObject({
    name: 'AlreadyExistsError',
    errno: 3,
  });
  const remote = await failure(scripted(runtime, 'create fails 3'));
  expect(remote).toMatchObject({ name: 'AlreadyExistsError', errno: 3 });
  const other = await failure(runtime.create({ name: 'free', image: 'fault: create fails 5 "bad option"' }));
  expect(other).toMatchObject({ name: 'InvalidArgumentError', errno: 5 });
});

describe('a signal to what has ended', () => {
  test('is a success (H36)', async ({ box }) => {
    const execution = await box.exec('end 0; kill fails 1; signal fails 1');
    await execution.wait();
    await execution.kill();
    await execution.kill('SIGTERM');
  });

  test('is a success also where the end is told only afterwards', async ({ box }) => {
    const gate = newGate();
    const execution = await box.exec(
      `kill fails 1 "Failed to send signal"; hold signal; release ${gate}; end 0`,
    );
    const killed = execution.kill();
    await execution.kill('SIGTERM');
    await killed;
    expect((await execution.wait()).exitCode).toBe(0);
  });

  test('that is refused while it runs is an error', async ({ runtime }) => {
    const box = await runtime.create();
    const execution = await box.exec('signal fails 16; hold freed');
    expect(await failure(execution.kill('SIGUSR1'))).toMatchObject({
      name: 'RpcError',
      operation: 'execution.signal',
    });
  });
});

test('streams are registered before exit, which waits only for those, and exit once (H33)', async ({
  box,
}) => {
  await box.run('clear-log; end 0');
  // Everything has happened before the first callback is registered.
  expect(await box.run('early; stdout "out"; stderr "err"; end 7')).toMatchObject({
    stdout: 'out',
    stderr: 'err',
    exitCode: 7,
  });
  const made = (await calls(box)).filter((call) => call.startsWith('on_'));
  expect(made.slice(0, 3)).toEqual(['on_stdout', 'on_stderr', 'on_exit']);
});

test('the test engine is the one that is opened', async () => {
  const runtime = await openFault({ homeDir: 'own' });
  expect(runtime.engine.path).toMatch(/fault-0\.10\.so$/);
  await runtime.close();
});
