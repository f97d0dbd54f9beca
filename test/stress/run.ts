// Thousands of executions that are read, killed, closed, forgotten and broken off at random; then everything must be
// as it was before. `npm run stress -- --minutes M [--seed S]`
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Runtime } from '../../lib/index.js';
import { compile } from './compile.js';
import { plan } from './plan.js';
import { processState, type ProcessState } from './process-state.js';
import { Random } from './random.js';
import { runOne } from './subject.js';

const perRound = 120;
const atOnce = 8;
const shownFailures = 20;
/** What may stay: the heap is not given back to the last page. Descriptors, threads and children must be exact. */
const rssToleranceMib = 32;
const heapToleranceMib = 4;
const settleMs = 20_000;
/** V8's young generation and the allocator's arenas of all threads have then grown as far as they do. */
const warmUpRounds = 40;
/** A thread of a pool leaves two seconds after its last call; V8 gives memory back over several collections. */
const quietMs = 5000;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 1);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run stress -- [--minutes M] [--seed S]');
  process.exit(2);
}
console.log(`seed ${seed}`);

const program = compile('counted');
const total = { rounds: 0, executions: 0, workers: 0, bytes: 0, wholeStreams: 0, lost: 0 };
const endings = new Map<string, number>();
const failures: string[] = [];

async function runNext(box: Awaited<ReturnType<Runtime['create']>>): Promise<void> {
  const index = total.executions++;
  const chosen = plan(new Random(seed, index));
  endings.set(chosen.ending, (endings.get(chosen.ending) ?? 0) + 1);
  const outcome = await runOne(box, program, chosen);
  total.bytes += outcome.bytes;
  total.wholeStreams += outcome.wholeStreams;
  total.lost += outcome.lost;
  for (const failure of outcome.failures) {
    failures.push(`execution ${index}: ${failure}\n    ${JSON.stringify(chosen)}`);
  }
  if (chosen.ending === 'forgotten') globalThis.gc?.();
}

async function terminateWorker(random: Random): Promise<void> {
  const worker = new Worker(join(__dirname, 'programs/worker.cjs'), {
    workerData: { program },
    execArgv: [],
  });
  if (random.chance(0.8)) await once(worker, 'message');
  await sleep(random.int(0, 30));
  await worker.terminate();
  total.workers++;
}

/** A runtime of its own, closed at the end of the round, half of the time while something still runs. */
async function round(): Promise<void> {
  const random = new Random(seed ^ 0x5eed, total.rounds++);
  const runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  let left = perRound;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await runNext(box);
  };
  const worker = terminateWorker(random);
  await Promise.all([worker, ...Array.from({ length: atOnce }, lane)]);
  if (random.chance(0.5)) await box.exec(program, ['1', '1000000', '0', '1', '0', '1']);
  await runtime.close();
}

/** The state once all that is going to be given back was, or after a while as it is. */
async function settled(isFine: (state: ProcessState) => boolean): Promise<ProcessState> {
  const from = Date.now() + quietMs;
  const until = Date.now() + settleMs;
  for (;;) {
    globalThis.gc?.();
    const state = processState();
    if ((Date.now() > from && isFine(state)) || Date.now() > until) return state;
    await sleep(250);
  }
}

function verdict(before: ProcessState, after: ProcessState): [string, string, boolean][] {
  const row = (name: keyof ProcessState, tolerance: number): [string, string, boolean] => {
    const note = tolerance > 0 ? ` (may grow by ${tolerance})` : '';
    return [name, `${before[name]} -> ${after[name]}${note}`, after[name] <= before[name] + tolerance];
  };
  return [
    ['lost bytes', String(total.lost), total.lost === 0],
    ['failures', String(failures.length), failures.length === 0],
    row('children', 0),
    row('zombies', 0),
    row('descriptors', 0),
    row('threads', 0),
    row('heapMib', heapToleranceMib),
    row('rssMib', rssToleranceMib),
  ];
}

async function main(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('start node with --expose-gc, as npm run stress does');
  while (total.rounds < warmUpRounds) await round();
  const before = await settled((state) => state.children === 0);
  const start = Date.now();
  while (Date.now() < start + minutes * 60_000) await round();
  const after = await settled((state) => verdict(before, state).every(([, , good]) => good));
  report(before, after);
}

function report(before: ProcessState, after: ProcessState): void {
  for (const failure of failures.slice(0, shownFailures)) console.log(failure);
  const rows = verdict(before, after);
  const kinds = [...endings].map(([name, count]) => `${name} ${count}`).join(', ');
  console.log(`executions      ${total.executions} in ${total.rounds} runtimes (${kinds})`);
  console.log(`workers         ${total.workers} terminated`);
  console.log(`bytes compared  ${total.bytes}, ${total.wholeStreams} streams from first to last byte`);
  for (const [name, value, good] of rows)
    console.log(`${name.padEnd(15)} ${value}${good ? '' : '   FAILED'}`);
  const bad = rows.filter(([, , good]) => !good).length;
  console.log(`${rows.length - bad} passed, ${bad} failed`);
  process.exitCode = bad === 0 ? 0 : 1;
}

void main();
