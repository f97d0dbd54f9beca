import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test as base } from 'vitest';
import { AlreadyExistsError, MetadataError, NotFoundError, Runtime, StoppedError } from '../../lib/index.js';

const test = base.extend<{ homeDir: string }>({
  homeDir: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'boxlite-home-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

const open = (homeDir: string) => Runtime.open({ engine: 'embedded', homeDir });
const records = (homeDir: string) => readdirSync(join(homeDir, 'boxes')).sort();

test('boxes in a home outlive their runtime', async ({ homeDir }) => {
  const first = await open(homeDir);
  const made = await first.create({ name: 'lasting', env: { GREETING: 'a b\n%ü' }, workingDir: '/tmp' });
  await made.run('true');
  const { createdAt } = await made.info();
  await first.close();

  await using runtime = await open(homeDir);
  const box = await runtime.get('lasting');
  expect(box.id).toBe(made.id);
  expect(await box.info()).toMatchObject({ status: 'stopped', name: 'lasting', createdAt });
  await expect(box.exec('true')).rejects.toThrow(StoppedError);
  await expect(runtime.create({ name: 'lasting' })).rejects.toThrow(AlreadyExistsError);
  await box.start();
  expect((await box.run('/bin/sh', ['-c', 'echo "$GREETING" in $PWD'])).stdout).toBe('a b\n%ü in /tmp\n');
});

test('a box that never ran is configured again, one that was removed is gone', async ({ homeDir }) => {
  const first = await open(homeDir);
  await first.create({ name: 'new' });
  const stopped = await first.create({ name: 'stopped' });
  await stopped.run('true');
  await stopped.stop();
  await (await first.create({ name: 'gone' })).remove();
  const ran = await first.create({ name: 'gone by force' });
  await ran.run('true');
  await ran.remove({ force: true });
  await first.close();

  await using runtime = await open(homeDir);
  const statuses = (await runtime.list()).map(({ name, status }) => [name, status]);
  expect(statuses.sort()).toEqual([
    ['new', 'configured'],
    ['stopped', 'stopped'],
  ]);
  const box = await runtime.create({ name: 'gone' });
  await box.run('true');
});

test('boxes with autoRemove are gone after the end of their runtime', async ({ homeDir }) => {
  for (const timeoutMs of [0, 1000]) {
    const first = await open(homeDir);
    await (await first.create({ autoRemove: true })).run('true');
    await first.create({ autoRemove: true });
    await first.close({ timeoutMs });
    const runtime = await open(homeDir);
    expect(await runtime.list()).toEqual([]);
    await runtime.close();
    expect(records(homeDir)).toEqual([]);
  }
});

test('a detached box runs on, and what runs in it is ended by its stop', async ({ homeDir }) => {
  const first = await open(homeDir);
  const made = await first.create({ name: 'apart', detach: true });
  // A close ends executions; a daemon that one of them has left behind goes on.
  await made.run('/bin/sh', ['-c', 'setsid sleep 12345 </dev/null >/dev/null 2>&1 &']);
  await first.close();

  const second = await open(homeDir);
  const box = await second.get('apart');
  expect((await box.info()).status).toBe('running');
  expect((await box.metrics()).memoryBytes).toBeGreaterThan(0);
  expect((await box.run('echo', ['on'])).stdout).toBe('on\n');
  await box.stop();
  await box.start();
  expect((await box.metrics()).memoryBytes).toBe(0);
  await box.stop();
  await second.close();

  await using third = await open(homeDir);
  expect((await (await third.get('apart')).info()).status).toBe('stopped');
});

describe('a damaged record', () => {
  test('is the trouble of its own box only, and can be removed', async ({ homeDir }) => {
    const first = await open(homeDir);
    const bad = await first.create({ name: 'bad' });
    const good = await first.create({ name: 'good' });
    await first.close();
    const file = join(homeDir, 'boxes', `${bad.id}.box`);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50));

    for (let again = 0; again < 2; again++) {
      const runtime = await open(homeDir);
      expect((await runtime.list()).map(({ id }) => id)).toEqual([good.id]);
      await expect(runtime.get(bad.id)).rejects.toThrow(MetadataError);
      await expect(runtime.get('bad')).rejects.toThrow(NotFoundError);
      const box = await runtime.get(good.id);
      await box.start();
      await box.run('true');
      await runtime.close();
    }
    await using runtime = await open(homeDir);
    await using other = await runtime.create({ name: 'bad' });
    void other;
    await expect(runtime.remove(bad.id)).resolves.toBeUndefined();
    await expect(runtime.get(bad.id)).rejects.toThrow(NotFoundError);
    expect(records(homeDir).filter((name) => name.startsWith(bad.id))).toEqual([]);
  });
});

test('records hold the environment and are for nobody else’s eyes', async ({ homeDir }) => {
  await using runtime = await open(homeDir);
  const box = await runtime.create({ env: { TOKEN: 'secret' } });
  expect(statSync(join(homeDir, 'boxes', `${box.id}.box`)).mode & 0o077).toBe(0);
});

test('many boxes at once', async ({ homeDir }) => {
  const first = await open(homeDir);
  const boxes = await Promise.all(Array.from({ length: 50 }, (_, i) => first.create({ name: `n${i}` })));
  await Promise.all(boxes.map((box) => box.run('true')));
  await Promise.all(boxes.slice(0, 25).map((box) => box.remove({ force: true })));
  await first.close();
  await using runtime = await open(homeDir);
  const names = (await runtime.list()).map(({ name }) => name).sort();
  expect(names).toEqual(
    boxes
      .slice(25)
      .map(({ name }) => name)
      .sort(),
  );
});
