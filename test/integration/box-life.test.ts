import { describe, expect } from 'vitest';
import {
  AlreadyExistsError,
  InvalidArgumentError,
  InvalidStateError,
  NotFoundError,
  Runtime,
  StoppedError,
  UnsupportedError,
} from '../../lib/index.js';
import { firstLine, sh, test } from './support.js';

describe('a box', () => {
  test('is configured, runs with its first command, and is stopped by stop', async ({ runtime }) => {
    const box = await runtime.create({ name: 'life' });
    expect((await box.info()).status).toBe('configured');
    await box.run('true');
    const info = await box.info();
    expect(info).toMatchObject({
      id: box.id,
      name: 'life',
      status: 'running',
      isolation: runtime.engine.isolation,
    });
    expect(info.createdAt.getTime()).toBeGreaterThan(Date.now() - 600_000);
    await box.stop();
    expect((await box.info()).status).toBe('stopped');
  });

  test('stays after a stop, and runs again after start() on the same object', async ({ runtime }) => {
    const box = await runtime.create();
    for (let i = 0; i < 3; i++) {
      await box.start();
      expect((await box.run('echo', [`${i}`])).stdout).toBe(`${i}\n`);
      await box.stop();
      await expect(box.exec('true')).rejects.toThrow(StoppedError);
    }
  });

  test('may be started and stopped twice', async ({ box }) => {
    await Promise.all([box.start(), box.start()]);
    await box.start();
    await Promise.all([box.stop(), box.stop()]);
    await box.stop();
  });

  test('that is stopped is stopped for every object of it', async ({ runtime }) => {
    const box = await runtime.create({ name: 'shared' });
    await box.run('true');
    const other = await runtime.get('shared');
    await other.stop();
    await expect(box.exec('true')).rejects.toThrow(StoppedError);
    await expect((await runtime.get(box.id)).exec('true')).rejects.toThrow(StoppedError);
    await other.start();
    expect((await box.run('echo', ['up'])).stdout).toBe('up\n');
  });

  test('that is removed is not found, by any operation of any object', async ({ runtime }) => {
    const box = await runtime.create({ name: 'gone' });
    await box.run('true');
    const other = await runtime.get('gone');
    await box.stop();
    await runtime.remove('gone');
    for (const object of [box, other]) {
      await expect(object.exec('true')).rejects.toThrow(NotFoundError);
      await expect(object.run('true')).rejects.toThrow(NotFoundError);
      await expect(object.start()).rejects.toThrow(NotFoundError);
      await expect(object.stop()).rejects.toThrow(NotFoundError);
      await expect(object.info()).rejects.toThrow(NotFoundError);
      await expect(object.remove()).rejects.toThrow(NotFoundError);
    }
  });

  test('that runs is removed only by force', async ({ runtime }) => {
    const box = await runtime.create();
    const execution = await sh(box, 'sleep 60');
    await expect(box.remove()).rejects.toThrow(InvalidStateError);
    await box.remove({ force: true });
    await expect(box.info()).rejects.toThrow(NotFoundError);
    await execution.wait().catch(() => undefined);
  });

  test('ends what runs in it when it stops', async ({ box }) => {
    const execution = await sh(box, 'echo ready; sleep 60');
    expect(await firstLine(execution)).toBe('ready');
    const ended = execution.wait().then(
      ({ signal }) => signal,
      (error: unknown) => (error as Error).name,
    );
    await box.stop({ timeoutMs: 0 });
    expect(['SIGTERM', 'SIGKILL', 'SIGHUP', 'StoppedError']).toContain(await ended);
  });

  test('is stopped and removed by await using', async ({ runtime }) => {
    let id;
    {
      await using box = await runtime.create();
      await box.run('true');
      id = box.id;
    }
    expect(await runtime.find(id)).toBeUndefined();
  });

  test('with autoRemove is gone after its stop', async ({ runtime }) => {
    const box = await runtime.create({ autoRemove: true });
    await box.run('true');
    await box.stop();
    await expect(box.exec('true')).rejects.toThrow(NotFoundError);
    expect(await runtime.list()).toEqual([]);
  });
});

describe('names', () => {
  test('one that is taken is AlreadyExistsError', async ({ runtime }) => {
    const first = await runtime.create({ name: 'taken' });
    const error = await runtime.create({ name: 'taken' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AlreadyExistsError);
    expect((error as Error).message).toContain(first.id);
    await first.remove();
    await runtime.create({ name: 'taken' });
  });

  test('getOrCreate makes one box', async ({ runtime }) => {
    const first = await runtime.getOrCreate({ name: 'same' });
    const second = await runtime.getOrCreate({ name: 'same' });
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.box.id).toBe(first.box.id);
    expect(second.box.name).toBe('same');
  });

  test('getOrCreate wants one', async ({ runtime }) => {
    await expect(runtime.getOrCreate({} as never)).rejects.toThrow(InvalidArgumentError);
  });
});

describe('finding', () => {
  test('by id, name and start of the id', async ({ runtime }) => {
    const box = await runtime.create({ name: 'findme' });
    for (const key of [box.id, 'findme', box.id.slice(0, 6)]) {
      const found = await runtime.get(key);
      expect([found.id, found.name]).toEqual([box.id, 'findme']);
    }
  });

  test('nothing is NotFoundError or undefined', async ({ runtime }) => {
    await expect(runtime.get('nobody')).rejects.toThrow(NotFoundError);
    expect(await runtime.find('nobody')).toBeUndefined();
    await expect(runtime.remove('nobody')).rejects.toThrow(NotFoundError);
  });

  test.for([[''], [undefined], [5]])('%j is refused', async ([key], { runtime }) => {
    await expect(runtime.get(key as never)).rejects.toThrow(InvalidArgumentError);
    await expect(runtime.find(key as never)).rejects.toThrow(InvalidArgumentError);
    await expect(runtime.remove(key as never)).rejects.toThrow(InvalidArgumentError);
  });

  test('the list has them all', async ({ runtime }) => {
    const boxes = await Promise.all(Array.from({ length: 20 }, (_, i) => runtime.create({ name: `n${i}` })));
    const list = await runtime.list();
    expect(list.map(({ id }) => id).sort()).toEqual(boxes.map(({ id }) => id).sort());
    expect(list[0]?.createdAt).toBeInstanceOf(Date);
  });
});

describe('images on the embedded engine', () => {
  test('are refused unless the policy is host', async ({ runtime }) => {
    await expect(runtime.create({ image: 'alpine:latest' })).rejects.toThrow(UnsupportedError);
  });

  test('run on the host with localImagePolicy host, and info says so', async () => {
    await using runtime = await Runtime.open({ engine: 'embedded', localImagePolicy: 'host' });
    const box = await runtime.create({ image: 'alpine:latest' });
    expect((await box.run('echo', ['here'])).stdout).toBe('here\n');
    expect(await box.info()).toMatchObject({ image: 'alpine:latest', isolation: 'none' });
  });

  test('a health check is unsupported', async ({ runtime }) => {
    await expect(runtime.create({ healthCheck: { command: ['true'] } })).rejects.toThrow(UnsupportedError);
  });
});
