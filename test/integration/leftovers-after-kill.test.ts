import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test as base } from 'vitest';
import { Runtime } from '../../lib/index.js';
import { program } from './support.js';

const test = base.extend<{ homeDir: string }>({
  homeDir: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'boxlite-home-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** Runs a script in a process of its own, and kills it once it has told `done`; what it told before. */
async function killedAfter(homeDir: string, script: string): Promise<unknown[]> {
  const child = spawn(process.execPath, [program('home.cjs'), homeDir, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const told: unknown[] = [];
  for await (const line of createInterface(child.stdout)) {
    const what = JSON.parse(line) as unknown;
    if (what === 'done') {
      child.kill('SIGKILL');
      break;
    }
    told.push(what);
  }
  expect(await closed).toEqual([null, 'SIGKILL']);
  return told;
}

/** Processes that carry the id of a box. */
function processesOf(boxId: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`BOXLITE_BOX=${boxId}\0`)
      );
    } catch {
      return false;
    }
  });
}

const open = (homeDir: string) => Runtime.open({ engine: 'embedded', homeDir });

test('after kill -9 the next open finds the boxes stopped and leaves no process of theirs', async ({
  homeDir,
}) => {
  const [id] = await killedAfter(
    homeDir,
    `const box = await runtime.create({ name: 'victim' });
     const escape = await box.exec('/bin/sh', ['-c', 'setsid sh -c "echo out; exec sleep 4321" & wait']);
     for await (const line of escape.lines()) break;
     tell(box.id);`,
  );
  // The parent-death signal reaches the command itself, not what has left it.
  expect(processesOf(id as string)).not.toEqual([]);
  await using runtime = await open(homeDir);
  expect(processesOf(id as string)).toEqual([]);
  const box = await runtime.get('victim');
  expect(await box.info()).toMatchObject({ id, status: 'stopped' });
  await box.start();
  expect((await box.run('echo', ['again'])).stdout).toBe('again\n');
});

test('after kill -9 detached boxes run on, and those with autoRemove are gone', async ({ homeDir }) => {
  const [detached, removed] = await killedAfter(
    homeDir,
    `const detached = await runtime.create({ detach: true });
     await detached.exec('sleep', ['4322']);
     const removed = await runtime.create({ autoRemove: true });
     const escape = await removed.exec('/bin/sh', ['-c', 'setsid sh -c "echo out; exec sleep 4323" & wait']);
     for await (const line of escape.lines()) break;
     tell(detached.id); tell(removed.id);`,
  );
  await using runtime = await open(homeDir);
  expect((await runtime.list()).map(({ id, status }) => [id, status])).toEqual([[detached, 'running']]);
  expect(processesOf(detached as string)).toHaveLength(1);
  expect(processesOf(removed as string)).toEqual([]);
  await (await runtime.get(detached as string)).remove({ force: true });
  expect(processesOf(detached as string)).toEqual([]);
});

test('what was answered before kill -9 is there afterwards', async ({ homeDir }) => {
  const told = await killedAfter(
    homeDir,
    `await Promise.all(Array.from({ length: 20 }, async (_, i) => {
       const box = await runtime.create({ name: 'n' + i });
       if (i % 2) await box.start();
       if (i % 4 === 3) await box.stop();
       if (i % 5 === 0) await box.remove({ force: true });
       else tell([box.name, i % 2 ? 'stopped' : 'configured']);
     }));`,
  );
  await using runtime = await open(homeDir);
  const found = (await runtime.list()).map(({ name, status }) => [name, status]);
  expect(found.sort()).toEqual((told as [string, string][]).sort());
});
