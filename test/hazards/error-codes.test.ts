import { describe, expect } from 'vitest';
import { errorTable } from '../../lib/error-table.generated.js';
import { BoxliteError, type Box, type Runtime } from '../../lib/index.js';
import { failure, openFault, scripted, test } from './fault.js';

const codes = [...errorTable.map(({ errno, code }) => [errno, code] as const), [99, 'internal'] as const];

/** Every way in which a failure comes back, as one script and one call that meets it. */
const doors: Record<string, (runtime: Runtime, errno: number) => Promise<unknown>> = {
  'runtime.open, returned': (_, errno) => openFault({ homeDir: `fault: new returns ${errno}` }),
  'box.create, returned by the builder': (runtime, errno) => scripted(runtime, `new returns ${errno}`),
  'box.create, returned': (runtime, errno) => scripted(runtime, `create returns ${errno}`),
  'box.create, called back': (runtime, errno) => scripted(runtime, `create fails ${errno}`),
  'box.start, returned': async (runtime, errno) =>
    (await scripted(runtime, `start returns ${errno}`)).start(),
  'box.start, called back': async (runtime, errno) =>
    (await scripted(runtime, `start fails ${errno}`)).start(),
  'box.exec, returned': async (runtime, errno) =>
    (await scripted(runtime, `exec returns ${errno}`)).exec('end 0'),
  'box.exec, at registration': async (runtime, errno) =>
    (await runtime.create()).exec(`onexit returns ${errno}`),
  'execution.wait, called back': async (runtime, errno) =>
    (await (await runtime.create()).exec(`exit -1; wait error ${errno}`)).wait(),
  'execution.resize, called back': async (runtime, errno) =>
    (await (await runtime.create()).exec(`resize fails ${errno}; hold freed`, [], { tty: true })).resize({
      cols: 1,
      rows: 1,
    }),
};

describe('every code of the ABI and an unknown one become their class', () => {
  test.for(Object.keys(doors))('%s', async (door, { runtime }) => {
    const open = doors[door] as (typeof doors)[string];
    const failures = codes.map(async ([errno, code]) => {
      const error = await failure(open(runtime, errno));
      expect(error, `code ${errno}`).toBeInstanceOf(BoxliteError);
      expect(error, `code ${errno}`).toMatchObject({ errno, code, operation: door.split(',')[0] });
      expect(error.message).not.toBe('');
    });
    await Promise.all(failures);
  });
});

describe('return value and error struct differ', () => {
  test('a struct that says Ok: the return value counts', async ({ runtime }) => {
    const error = await failure(scripted(runtime, 'create returns 12 0 ""'));
    expect(error).toMatchObject({ name: 'EngineError', errno: 12 });
  });

  test('a bad string returns 5 where the struct says 1 (H8)', async ({ box }) => {
    const error = await failure(box.exec('exec returns 5 1 "invalid UTF-8"'));
    expect(error).toMatchObject({ name: 'InvalidArgumentError', errno: 5 });
  });

  test('a success leaves the struct as it was (H7): an old failure is not told again', async ({ box }) => {
    for (let i = 0; i < 3; i++) {
      await failure(box.exec('exec returns 9'));
      expect((await box.run('stdout "fine"; end 0')).stdout).toBe('fine');
    }
  });

  test('a callback error that is not NULL and says Ok is a success (H6)', async ({ runtime }) => {
    const box = await runtime.create();
    await box.start();
    expect((await box.run('end 0')).exitCode).toBe(0);
    await box.stop();
  });
});

describe('a success without its payload is an InternalError', () => {
  const empty: Record<string, (runtime: Runtime, box: Box) => Promise<unknown>> = {
    create: (runtime) => scripted(runtime, 'create null'),
    options: (runtime) => scripted(runtime, 'new returns 0'),
    exec: (_, box) => box.exec('exec null'),
    open: () => openFault({ homeDir: 'fault: new returns 0' }),
  };
  test.for(Object.keys(empty))('%s', async (call, { runtime, box }) => {
    const error = await failure((empty[call] as (typeof empty)[string])(runtime, box));
    expect(error).toMatchObject({ name: 'InternalError', errno: 1 });
    expect(error.message).toContain('without');
    expect((await box.run('stdout "alive"; end 0')).stdout).toBe('alive');
  });

  test.for(['get', 'info', 'list'])('%s', async (call) => {
    const runtime = await openFault({ homeDir: `fault: ${call} null` });
    try {
      const box = await runtime.create({ name: 'there' });
      const ask = { get: () => runtime.get('there'), info: () => box.info(), list: () => runtime.list() };
      expect(await failure(ask[call as keyof typeof ask]())).toMatchObject({ name: 'InternalError' });
    } finally {
      await runtime.close();
    }
  });
});

test('an answer that comes twice is taken once', async ({ runtime }) => {
  const box = await scripted(runtime, 'start twice; stop twice');
  await box.start();
  await box.stop();
  await box.start();
  expect((await box.run('stdout "alive"; end 0')).stdout).toBe('alive');
});
