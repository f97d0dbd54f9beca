import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Runtime, StoppedError, UnsupportedEngineError } from '../../lib/index.js';
import { firstLine, sh, test } from './support.js';

test('tells what it is', async ({ runtime }) => {
  expect(runtime.engine).toMatchObject({ kind: 'embedded', isolation: 'none' });
  expect(runtime.engine.version).toMatch(/^\d+\.\d+/);
  expect(Object.isFrozen(runtime.engine)).toBe(true);
});

describe('close', () => {
  test('may be called twice, and everything rejects with StoppedError afterwards', async () => {
    const runtime = await Runtime.open({ engine: 'embedded' });
    const box = await runtime.create();
    await box.run('true');
    await Promise.all([runtime.close(), runtime.close()]);
    await runtime.close();
    const attempts = [
      () => runtime.create(),
      () => runtime.getOrCreate({ name: 'x' }),
      () => runtime.get('x'),
      () => runtime.find('x'),
      () => runtime.list(),
      () => runtime.remove('x'),
      () => box.exec('true'),
      () => box.run('true'),
      () => box.start(),
      () => box.stop(),
      () => box.info(),
      () => box.remove(),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(StoppedError);
  });

  test('ends executions and answers whoever waits', async () => {
    const runtime = await Runtime.open({ engine: 'embedded' });
    const box = await runtime.create();
    const execution = await sh(box, 'echo ready; sleep 300');
    expect(await firstLine(execution)).toBe('ready');
    const answered = execution.wait().then(
      () => true,
      () => true,
    );
    await runtime.close({ timeoutMs: 100 });
    expect(await answered).toBe(true);
  });

  test('answers what is under way', async () => {
    const runtime = await Runtime.open({ engine: 'embedded' });
    const box = await runtime.create();
    const underWay = Array.from({ length: 20 }, () =>
      box.run('sleep', ['300']).catch((error: unknown) => error),
    );
    await runtime.close({ timeoutMs: 0 });
    await Promise.all(underWay);
  });
});

describe('homes', () => {
  test('a second runtime on one home is refused, by a message that names the process that has it', async () => {
    const homeDir = mkdtempSync(join(tmpdir(), 'boxlite-home-'));
    try {
      await using runtime = await Runtime.open({ engine: 'embedded', homeDir });
      const error = await Runtime.open({ engine: 'embedded', homeDir }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ errno: 1, operation: expect.any(String) as string });
      expect((error as Error).message).toContain(String(process.pid));
      expect(runtime.engine.kind).toBe('embedded');
    } finally {
      rmSync(homeDir, { recursive: true, force: true });
    }
  });

  test('many runtimes without a home do not meet, and leave nothing behind', async () => {
    const before = readdirSync(tmpdir());
    const runtimes = await Promise.all(Array.from({ length: 8 }, () => Runtime.open({ engine: 'embedded' })));
    const outputs = await Promise.all(
      runtimes.map(
        async (runtime, i) => (await (await runtime.create({ name: 'same' })).run('echo', [`${i}`])).stdout,
      ),
    );
    expect(outputs).toEqual(runtimes.map((_, i) => `${i}\n`));
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    const left = readdirSync(tmpdir()).filter((name) => !before.includes(name) && /boxlite/.test(name));
    expect(
      left.filter((name) => !name.startsWith('boxlite-home-') && existsSync(join(tmpdir(), name))),
    ).toEqual([]);
  });
});

test('a library that is not there is refused by its path', async () => {
  const error = await Runtime.open({ engine: { library: '/no/such/libboxlite.so' } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnsupportedEngineError);
  expect((error as Error).message).toContain('/no/such/libboxlite.so');
});

test.for([{ engine: 'embeded' }, { home: '/x' }, { homeDir: '' }, { localImagePolicy: 'yes' }, null])(
  'options %j are refused',
  async (options) => {
    await expect(Runtime.open(options as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  },
);
