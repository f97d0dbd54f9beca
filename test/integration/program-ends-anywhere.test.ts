import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { program } from './support.js';

const life = ['load', 'open', 'create', 'exec', 'read', 'exit', 'close'];

/** How the program must have ended: status or signal. */
const endings = {
  return: [0, null],
  'process.exit': [3, null],
  throw: [1, null],
  'worker.terminate': [0, null],
  SIGTERM: [null, 'SIGTERM'],
  SIGKILL: [null, 'SIGKILL'],
} as const;

let next = 100_000 + (process.pid % 10_000) * 100;

/** Command lines of the processes that still sleep for so long. */
function sleepers(seconds: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.startsWith('sleep') && line.includes(`${seconds} `));
}

async function endsCleanly(steps: string[], end: keyof typeof endings): Promise<void> {
  const seconds = next++;
  const child = spawn(process.execPath, [program('life.cjs'), steps.join(','), end, String(seconds)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const hung = setTimeout(() => child.kill('SIGQUIT'), 20_000);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(hung);
  expect([status, signal, end === 'throw' ? '' : stderr]).toEqual([...endings[end], '']);
  // The kernel's parent-death signal needs a moment where nothing else could run any more.
  for (let i = 0; i < 100 && sleepers(seconds).length > 0; i++) await sleep(20);
  expect(sleepers(seconds)).toEqual([]);
}

for (const end of Object.keys(endings) as (keyof typeof endings)[]) {
  describe(`ending by ${end}`, () => {
    for (let n = 1; n <= life.length; n++) {
      test(`after ${life.slice(0, n).join(', ')}`, () => endsCleanly(life.slice(0, n), end));
    }
  });
}
