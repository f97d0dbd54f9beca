import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { calls, engine, failure, openFault, test } from './fault.js';

describe.each([
  ['0.9.7', '0.9.7'],
  ['0.10-dev', '0.9.7'],
  ['0.10', '0.10.0'],
  ['next', '0.11.0'],
])('%s', (generation, version) => {
  test('is opened by its symbols, whatever version it reports', async () => {
    const runtime = await openFault({ engine: engine(generation) });
    expect(runtime.engine).toMatchObject({ kind: 'library', version, path: engine(generation).library });
    await runtime.close();
  });

  test('a list of boxes is read with its own stride (H29)', async () => {
    const runtime = await openFault({ engine: engine(generation) });
    try {
      for (const name of ['one', 'two', 'three']) await runtime.create({ name, cpus: 3, memoryMib: 77 });
      const infos = await runtime.list();
      expect(infos.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
      for (const info of infos) {
        expect(info).toMatchObject({ status: 'configured', cpus: 3, memoryMib: 77 });
        expect(info.createdAt).toEqual(new Date(1_700_000_000_000));
      }
      expect(await (await runtime.get('three')).info()).toMatchObject({ name: 'three', cpus: 3 });
    } finally {
      await runtime.close();
    }
  });

  test('runs a command, maps a port, mounts a folder', async () => {
    const runtime = await openFault({ engine: engine(generation) });
    try {
      const box = await runtime.create({
        ports: [{ guestPort: 80, hostPort: 8080 }],
        volumes: [{ hostPath: '/tmp', guestPath: '/mnt' }],
        autoStopSeconds: 7,
      });
      expect((await box.run('wait 0; stdout "x"; exit 0')).stdout).toBe('x');
      const made = await calls(box);
      expect(made).toContain('add_port guest 80 host 8080');
      expect(made).toContain(generation === 'next' ? 'add_bind_mount /tmp' : 'add_volume /tmp');
      expect(made).toContain(
        generation === '0.9.7' ? 'set_auto_pause_interval 7' : 'set_auto_stop_interval 7',
      );
    } finally {
      await runtime.close();
    }
  });
});

describe('an engine that must not be called is refused before it is called', () => {
  test.for([
    ['0.9.5', /0\.9\.5 is not supported.*0\.9\.7/],
    ['before-drain', /older than 0\.9\.5/],
    ['without-drain', /boxlite_runtime_drain/],
    ['mixture', /allowUntestedVersion/],
  ] as const)('%s (H30)', async ([name, message]) => {
    const error = await failure(openFault({ engine: engine(name) }));
    expect(error).toMatchObject({ name: 'UnsupportedEngineError', operation: 'runtime.open' });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(engine(name).library);
  });

  test('the oldest also where untested versions are allowed', async () => {
    const error = await failure(openFault({ engine: engine('0.9.5'), allowUntestedVersion: true }));
    expect(error.name).toBe('UnsupportedEngineError');
  });
});

test('a mixture of generations works where untested versions are allowed', async () => {
  const runtime = await openFault({ engine: engine('mixture'), allowUntestedVersion: true });
  const box = await runtime.create();
  expect((await box.run('stdout "x"; end 0')).stdout).toBe('x');
  await runtime.close();
});

test('a library without optional symbols opens, and only their features are Unsupported', async () => {
  const runtime = await openFault({ engine: engine('bare') });
  const box = await runtime.create({ name: 'bare' });
  expect(await failure(box.start())).toMatchObject({ name: 'UnsupportedError', errno: 13 });
  expect(await failure(runtime.getOrCreate({ name: 'bare' }))).toMatchObject({ name: 'UnsupportedError' });
  await runtime.close();
});

test('a library is never unloaded (H35)', async () => {
  const runtime = await openFault();
  await runtime.close();
  expect(readFileSync('/proc/self/maps', 'utf8')).toContain(engine().library);
});
