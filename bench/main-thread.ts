// How long does one exec call block the main thread, with a small heap and with a large one?
import { spawn, spawnSync } from 'node:child_process';
import { Runtime } from '../lib/index.js';
import { median, type Outcome } from './harness.js';
import { program } from './programs.js';

const executions = 200;
const rounds = 5;

interface Blocked {
  ours: number;
  childProcess: number;
}

/** Time spent in `work` and, after it, in the event loop until `work` is done, in microseconds for each. */
async function activeMicros(work: () => Promise<void>): Promise<number> {
  const before = performance.eventLoopUtilization();
  for (let i = 0; i < executions; i++) await work();
  return (performance.eventLoopUtilization(before).active * 1000) / executions;
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve) => child.on('close', () => resolve()));
}

/** Fills the heap with `gigabytes` of live arrays, so that every page of them is in use. */
function ballast(gigabytes: number): number[][] {
  const arrays: number[][] = [];
  for (let i = 0; i < gigabytes * 128; i++) arrays.push(new Array<number>(1 << 20).fill(1.5));
  return arrays;
}

/** What the child process measures and prints. */
export async function measure(gigabytes: number): Promise<void> {
  const kept = ballast(gigabytes);
  const path = program('true');
  await using runtime = await Runtime.open();
  const box = await runtime.create();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const own = await activeMicros(async () => {
      const execution = await box.exec(path, [], { stdin: 'ignore' });
      await execution.wait();
    });
    const other = await activeMicros(() => ended(spawn(path, [], { stdio: ['ignore', 'pipe', 'pipe'] })));
    if (round > 0) {
      ours.push(own);
      theirs.push(other);
    }
  }
  const blocked: Blocked = { ours: median(ours), childProcess: median(theirs) };
  process.stdout.write(JSON.stringify({ ...blocked, kept: kept.length }));
}

function inChild(gigabytes: number): Blocked {
  const script = `require('./bench/main-thread.ts').measure(${gigabytes})`;
  const args = ['--max-old-space-size=8192', '--import', 'tsx', '-e', script];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 20 });
  if (child.status !== 0) throw new Error(`measuring with ${gigabytes} GB failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Blocked;
}

function figure(name: string, value: number) {
  return { name, median: value, min: value, max: value };
}

/** Main-thread time for each execution, by heap size; each heap in a process of its own. */
export function mainThread(): Outcome[] {
  const small = inChild(0);
  const large = inChild(2);
  const compare = (title: string, blocked: Blocked): Outcome => {
    const ratio = blocked.ours / blocked.childProcess;
    const figures = [figure('boxlite-ffi', blocked.ours), figure('child_process', blocked.childProcess)];
    return { title, unit: 'µs', figures, ratio, target: 0.1, met: ratio <= 0.1 };
  };
  const growth = large.ours / small.ours;
  return [
    compare('main-thread time of one execution, small heap', small),
    compare('main-thread time of one execution, 2 GB heap', large),
    {
      title: 'growth of ours from the small heap to 2 GB',
      unit: 'µs',
      figures: [figure('2 GB heap', large.ours), figure('small heap', small.ours)],
      ratio: growth,
      target: 1.5,
      met: growth <= 1.5,
    },
  ];
}
