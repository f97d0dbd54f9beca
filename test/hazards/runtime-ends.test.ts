import { describe, expect } from 'vitest';
import type { Box, Runtime } from '../../lib/index.js';
import { readers } from '../readers.js';
import { bytesOf, calls, failure, living, newGate, openFault, release, scripted, test } from './fault.js';

/** Runs something on a runtime of its own, in a home that no other test has. */
async function withRuntime(home: string, use: (runtime: Runtime) => Promise<void>): Promise<void> {
  const runtime = await openFault({ homeDir: home });
  try {
    await use(runtime);
  } finally {
    await runtime.close({ timeoutMs: 1000 });
  }
}

/** A started box of a second runtime, to ask the engine with while the first one is gone. */
async function withWitness(use: (witness: Box) => Promise<void>): Promise<void> {
  await withRuntime('witness', async (runtime) => {
    const witness = await runtime.create({ name: 'witness' });
    await witness.start();
    await use(witness);
  });
}

describe('no callback comes after runtime_free (H27)', () => {
  test('what is pending rejects with StoppedError', async ({ box: witness }) => {
    const gate = newGate();
    const runtime = await openFault({ homeDir: `fault: get holds ${gate}; list holds ${gate}` });
    const pending = [runtime.get('x'), runtime.list(), scripted(runtime, `create holds ${gate}`)].map(
      failure,
    );
    await runtime.close({ timeoutMs: 1000 });
    for (const error of await Promise.all(pending)) expect(error.name).toBe('StoppedError');
    await release(witness, gate);
  });

  test('waits are answered', async () => {
    const runtime = await openFault({ homeDir: 'waits' });
    const box = await runtime.create();
    const execution = await box.exec('stdout "x"');
    const waited = execution.wait();
    await runtime.close({ timeoutMs: 1000 });
    expect(await waited).toMatchObject({ signal: 'SIGKILL' });
  });
});

describe('a drain that fails', () => {
  test.for(['drain-fails 7', 'drain-fails 99'])(
    '%s: nothing stays pending, and close() works',
    async (how) => {
      const runtime = await openFault({ homeDir: how });
      const box = await runtime.create();
      await box.start();
      const gate = newGate();
      const running = await box.exec(`stdout "kept"; hold ${gate}`);
      const pending = [running.wait(), scripted(runtime, `create holds ${gate}`)].map(failure);
      await box.exec(`early; ${how}`).catch(() => undefined);
      for (const error of await Promise.all(pending)) expect(error.name).toBe('StoppedError');
      const later = [
        runtime.create(),
        runtime.list(),
        box.exec('end 0').then((execution) => execution.wait()),
      ];
      for (const error of await Promise.all(later.map(failure))) expect(error.name).toBe('StoppedError');
      await runtime.close({ timeoutMs: 1000 });
    },
  );

  for (const [name, read] of Object.entries(readers)) {
    test(`who reads ${name} is told that it is not all`, async () => {
      await withRuntime(`drain fails under ${name}`, async (runtime) => {
        const box = await runtime.create();
        await box.start();
        const running = await box.exec(`stdout "kept\\n"; hold ${newGate()}`);
        const items = read(running)[Symbol.asyncIterator]();
        expect(await items.next()).toMatchObject({ done: false });
        const end = failure(items.next());
        await box.exec('early; drain-fails 7').catch(() => undefined);
        expect((await end).name).toBe('StoppedError');
      });
    });
  }

  test('what had ended before it has ended', async () => {
    await withRuntime('drain fails later', async (runtime) => {
      const box = await runtime.create();
      await box.start();
      const finished = await box.exec('stdout "all"; end 0');
      await finished.wait({ drain: false });
      await box.exec('early; drain-fails 7').catch(() => undefined);
      expect((await bytesOf(finished.stdout)).toString()).toBe('all');
      expect(await finished.wait()).toMatchObject({ exitCode: 0 });
    });
  });

  test('a queue that is closed under it does not spin or hang close()', async () => {
    const runtime = await openFault({ homeDir: 'closed queue' });
    const box = await runtime.create();
    const execution = await box.exec('stdout "x"');
    const waited = failure(execution.wait());
    await box.exec('early; drain-ends; end 0');
    await runtime.close({ timeoutMs: 100 });
    expect((await waited).name).toBe('InvalidStateError');
  });
});

test('close() twice is one shutdown (H28)', async () => {
  await withWitness(async (witness) => {
    const runtime = await openFault({ homeDir: 'twice' });
    await witness.run('clear-log; end 0');
    await Promise.all([runtime.close({ timeoutMs: 1000 }), runtime.close(), runtime.close()]);
    await runtime.close();
    const made = (await calls(witness)).filter((call) => call.startsWith('runtime_'));
    expect(made.filter((call) => call.startsWith('runtime_shutdown'))).toEqual(['runtime_shutdown 1']);
    expect(made.filter((call) => call === 'runtime_free')).toHaveLength(1);
  });
});

test('close() shuts the boxes down before it gives their handles back (H38)', async () => {
  await withWitness(async (witness) => {
    const runtime = await openFault({ homeDir: 'order' });
    await (await runtime.create({ name: 'worker' })).start();
    await runtime.close({ timeoutMs: 1000 });
    const made = await calls(witness);
    expect(made).toContain('shutdown stops worker');
    expect(made.indexOf('shutdown stops worker')).toBeLessThan(made.indexOf('box_free worker'));
    expect(made).not.toContain('shutdown leaves worker');
    expect(made).not.toContain('last handle freed worker');
  });
});

test('a box that was created after its runtime was closed leaves no handle behind (H31)', async () => {
  await withWitness(async (witness) => {
    const before = await living(witness, 'boxes');
    const runtime = await openFault({ homeDir: 'orphan' });
    const gate = newGate();
    const creating = failure(scripted(runtime, `create holds ${gate}`));
    const closing = runtime.close({ timeoutMs: 1000 });
    await release(witness, gate);
    await closing;
    await creating.catch(() => undefined);
    await expect.poll(() => living(witness, 'boxes')).toBe(before);
    expect(await living(witness, 'options')).toBe(0);
  });
});

test('a second runtime on a home is refused with the reason (H23)', async () => {
  await withRuntime('shared', async () => {
    const error = await failure(openFault({ homeDir: 'shared' }));
    expect(error).toMatchObject({ name: 'InternalError', operation: 'runtime.open' });
    expect(error.message).toContain('home directory shared is locked');
  });
  await withRuntime('shared', async () => {});
});

test('a drain is never asked to wait for ever (H13)', async ({ box }) => {
  const drains = (await calls(box)).filter((call) => call.startsWith('runtime_drain'));
  expect(drains.length).toBeGreaterThan(0);
  for (const call of drains) expect(Number(call.split(' ')[1])).toBeGreaterThan(0);
});

test('a drain that never returns, because events keep coming, does not hold close() up (H14)', async () => {
  await withWitness(async (witness) => {
    const runtime = await openFault({ homeDir: 'endless' });
    const box = await runtime.create();
    // Nobody is left to stop this one: its execution has ended and was given back.
    const execution = await box.exec(
      'outlive; end 0; hold freed; drain-holds 1ms; flood stdout 1000000000 64',
    );
    await execution.wait();
    await runtime.close({ timeoutMs: 0 });
    expect((await witness.run('stdout "alive"; end 0')).stdout).toBe('alive');
  });
});
