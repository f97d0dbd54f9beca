import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { program, test } from './support.js';

/** How many of the workers' commands still run. */
function writers(): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('boxlite-worker\0');
    } catch {
      return false;
    }
  }).length;
}

test('50 workers, each terminated while it reads, harm nobody', async ({ box }) => {
  for (let i = 0; i < 50; i++) {
    const worker = new Worker(program('reading-worker.cjs'));
    await once(worker, 'message');
    await worker.terminate();
  }
  expect((await box.run('echo', ['alive'])).stdout).toBe('alive\n');
  for (let i = 0; i < 100 && writers() > 0; i++) await sleep(20);
  expect(writers()).toBe(0);
});

test('several at once', async ({ box }) => {
  const workers = Array.from({ length: 8 }, () => new Worker(program('reading-worker.cjs')));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  await Promise.all(workers.map((worker) => worker.terminate()));
  expect((await box.run('echo', ['alive'])).stdout).toBe('alive\n');
});

test('workers do whole pieces of work side by side', async () => {
  const reports = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const worker = new Worker(program('whole-worker.cjs'), { workerData: i });
      // Both may be emitted in one turn, between which no promise is continued.
      const [[report]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [
        [string],
        unknown,
      ];
      return report;
    }),
  );
  reports.forEach((report, i) => {
    expect(report).toBe(Array.from({ length: 20 }, (_, k) => `${i}.${k}\n`).join(''));
  });
});
