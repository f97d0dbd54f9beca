// Every question with its rivals and targets. The targets are those of docs/performance.md.
import { readFileSync } from 'node:fs';
import { program } from './programs.js';
import type { Question, Rival, Target } from './question.js';

const ours: Rival = { label: 'boxlite-ffi', peer: 'boxlite' };
const childProcess: Rival = { label: 'child_process', peer: 'child-process' };
const bun: Rival = { label: 'Bun.spawn', peer: 'bun' };
const deno: Rival = { label: 'Deno.Command', peer: 'deno' };
const libraries: Rival[] = [
  { label: 'execa', peer: 'execa' },
  { label: 'nano-spawn', peer: 'nano-spawn' },
  { label: 'tinyexec', peer: 'tinyexec' },
];
const limitLabel = 'C, one thread';

/** The slow ones with fewer executions: the rate stays the same, and a run takes minutes, not an hour. */
function slower(executions: number): Rival[] {
  return [childProcess, ...libraries].map((rival) => ({ ...rival, params: { executions } }));
}

function limit(...args: (string | number)[]): Rival {
  return { label: limitLabel, peer: 'limit', limit: args.map(String) };
}

function execRate(name: string, path: string, atOnce: number, targets: Target[]): Question {
  const executions = 1500;
  return {
    id: `exec-rate-${name}-${atOnce}`,
    title: `executions of ${name === 'static' ? 'a static `true`' : '`/bin/true`'}, ${atOnce} at once`,
    measure: 'execRate',
    params: { program: path, executions, atOnce },
    quick: { executions: 300 },
    metrics: [{ key: 'perSecond', title: 'both streams captured', unit: '/s', targets }],
    rivals: [ours, ...slower(300), bun, deno, limit('exec', path, executions, atOnce)],
  };
}

function execRates(): Question[] {
  const still = program('true');
  const ofStatic: Target[] = [
    { than: bun.label, atLeast: 1 },
    { than: childProcess.label, atLeast: 5 },
    { than: limitLabel, atLeast: 0.6 },
  ];
  const ofBin: Target[] = [
    { than: bun.label, atLeast: 1 },
    { than: limitLabel, atLeast: 0.8 },
  ];
  return [8, 64].flatMap((atOnce) => [
    execRate('static', still, atOnce, ofStatic),
    execRate('bin', '/bin/true', atOnce, ofBin),
  ]);
}

const large = { label: 'boxlite-ffi, 2 GB heap', peer: 'boxlite', heapMegabytes: 2048 };

function execRateLargeHeap(): Question {
  return {
    id: 'exec-rate-2gb',
    title: 'executions of a static `true`, 8 at once, with a heap of 2 GB',
    measure: 'execRate',
    params: { program: program('true'), executions: 1500, atOnce: 8 },
    quick: { executions: 300 },
    metrics: [
      {
        key: 'perSecond',
        title: 'both streams captured',
        unit: '/s',
        targets: [{ of: large.label, than: ours.label, atLeast: 0.9 }],
      },
    ],
    rivals: [
      ours,
      large,
      { ...childProcess, params: { executions: 300 } },
      {
        label: 'child_process, 2 GB heap',
        peer: 'child-process',
        heapMegabytes: 2048,
        params: { executions: 24 },
      },
    ],
  };
}

function latencies(): Question[] {
  return [1, 8, 64, 512].map((atOnce) => ({
    id: `exec-latency-${atOnce}`,
    title: `time of one execution of a static \`true\`, ${atOnce} at once`,
    measure: 'execLatency',
    params: { program: program('true'), executions: Math.max(400, atOnce * 3), atOnce },
    quick: { executions: Math.max(100, atOnce) },
    metrics: [
      { key: 'p50', title: 'p50', unit: 'ms', less: true },
      { key: 'p99', title: 'p99', unit: 'ms', less: true },
    ],
    rivals: [ours, ...slower(Math.max(150, atOnce)), bun, deno],
  }));
}

function mainThread(heapMegabytes: number, name: string): Question {
  const slow = heapMegabytes > 1000 ? { params: { executions: 20 } } : {};
  const heap = { heapMegabytes };
  return {
    id: `main-thread-${heapMegabytes > 1000 ? '2gb' : '50mb'}`,
    title: `main thread, one execution of a static \`true\`, ${name} of heap`,
    measure: 'mainThread',
    params: { program: program('true'), executions: 400 },
    quick: { executions: 100 },
    metrics: [
      { key: 'p50', title: 'blocked by the call, p50', unit: 'µs', less: true, targets: [{ atMost: 50 }] },
      { key: 'p99', title: 'blocked by the call, p99', unit: 'µs', less: true, targets: [{ atMost: 1000 }] },
      { key: 'busy', title: 'event loop busy in all', unit: 'µs', less: true },
    ],
    rivals: [
      { ...ours, ...heap },
      { ...childProcess, ...heap, ...slow },
      { ...bun, ...heap },
      { ...deno, ...heap },
    ],
    rounds: 3,
  };
}

function firstByte(): Question {
  const targets: Target[] = [{ than: childProcess.label, atMost: 1 }];
  return {
    id: 'first-byte',
    title: 'time from the call to the first byte of output',
    measure: 'firstByte',
    params: { program: program('flood'), executions: 300 },
    quick: { executions: 60 },
    metrics: [
      { key: 'p50', title: 'p50', unit: 'ms', less: true, targets },
      { key: 'p99', title: 'p99', unit: 'ms', less: true, targets },
    ],
    rivals: [ours, childProcess, bun, deno],
  };
}

function streams(): Question[] {
  const bytes = 1 << 30;
  const collected = 100 << 20;
  const lines = 1_000_000;
  const flood = program('flood');
  const readlineLoop: Rival = { label: 'readline, for await', peer: 'readline-loop' };
  return [
    {
      id: 'stdout',
      title: 'stdout in writes of 64 KiB',
      measure: 'stdout',
      params: { program: flood, bytes, block: 65_536 },
      quick: { bytes: bytes / 8 },
      metrics: [
        { key: 'gbPerSecond', title: 'read', unit: 'GB/s', targets: [{ than: limitLabel, atLeast: 0.85 }] },
      ],
      rivals: [ours, childProcess, bun, deno, limit('read', flood, bytes, 65_536)],
    },
    {
      id: 'small-writes',
      title: 'lines of 32 bytes, one a write',
      measure: 'smallWrites',
      params: { program: program('lines'), lines },
      quick: { lines: lines / 5 },
      metrics: [
        {
          key: 'millionPerSecond',
          title: 'read',
          unit: 'M writes/s',
          targets: [{ than: childProcess.label, atLeast: 1.8 }],
        },
      ],
      rivals: [ours, childProcess, bun, deno, limit('read', program('lines'), lines, 1)],
    },
    {
      id: 'collect',
      title: '100 MiB into one value',
      measure: 'collect',
      params: { program: flood, bytes: collected },
      quick: {},
      metrics: [
        { key: 'gbPerSecond', title: 'collected', unit: 'GB/s', targets: [{ than: bun.label, atLeast: 1 }] },
      ],
      rivals: [ours, childProcess, ...libraries, bun, deno, limit('read', flood, collected, 65_536)],
    },
    {
      id: 'lines',
      title: 'lines of 32 bytes, in writes of 4 KiB',
      measure: 'lines',
      params: { program: program('lines'), lines: 4 * lines },
      quick: { lines: lines / 2 },
      metrics: [
        {
          key: 'millionPerSecond',
          title: 'as strings',
          unit: 'M lines/s',
          targets: [{ than: readlineLoop.label, atLeast: 2 }],
        },
      ],
      rivals: [ours, { ...childProcess, label: 'readline, events' }, readlineLoop, ...libraries, bun, deno],
    },
    {
      id: 'stdin',
      title: 'stdin in writes of 64 KiB',
      measure: 'stdin',
      params: { program: program('sink'), bytes, block: 65_536 },
      quick: { bytes: bytes / 8 },
      metrics: [
        { key: 'gbPerSecond', title: 'written', unit: 'GB/s', targets: [{ than: limitLabel, atLeast: 0.8 }] },
      ],
      rivals: [ours, childProcess, bun, deno, limit('write', program('sink'), bytes, 65_536)],
    },
  ];
}

/** Each takes four descriptors of ours, and some are kept for the rest of the program. */
function mostSleepers(wanted: number): number {
  const open = /Max open files\s+\d+\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return open === undefined ? wanted : Math.min(wanted, Math.floor((Number(open) - 200) / 4));
}

function sleepers(wanted: number): Question {
  const count = mostSleepers(wanted);
  const sleeper = program('sleeper');
  return {
    id: `sleepers-${wanted}`,
    title: `${count.toLocaleString('en-US')} sleeping executions with three pipes`,
    measure: 'sleepers',
    params: { program: sleeper, count, atOnce: 64 },
    quick: { count: Math.min(count, wanted / 10) },
    metrics: [
      {
        key: 'startSeconds',
        title: 'until all run',
        unit: 's',
        less: true,
        targets: [{ than: bun.label, atMost: 1 }],
      },
      {
        key: 'kilobytesEach',
        title: 'memory each, our side',
        unit: 'KB',
        less: true,
        targets: [{ atMost: 10 }],
      },
    ],
    rivals: [ours, childProcess, bun, deno, limit('sleepers', sleeper, count)],
    fresh: true,
    rounds: wanted > 2000 ? 1 : 3,
  };
}

function stalledReader(): Question {
  return {
    id: 'stalled-reader',
    title: 'memory over the baseline while a reader stalls before 1 GiB of output',
    measure: 'stalledReader',
    params: { program: program('flood'), bytes: 1 << 30, samples: 25 },
    quick: { samples: 10 },
    metrics: [{ key: 'megabytes', title: 'at most', unit: 'MB', less: true, targets: [{ atMost: 8 }] }],
    rivals: [ours, childProcess, bun, deno],
    fresh: true,
    rounds: 3,
  };
}

function terminals(): Question[] {
  const pty: Rival = { label: 'node-pty', peer: 'node-pty' };
  const bytes = 64 << 20;
  const flood = program('flood');
  return [
    {
      id: 'terminal',
      title: 'output of a terminal in writes of 64 KiB',
      measure: 'terminal',
      params: { program: flood, bytes },
      quick: { bytes: bytes / 4 },
      metrics: [
        { key: 'mbPerSecond', title: 'read', unit: 'MB/s', targets: [{ than: pty.label, atLeast: 1 }] },
      ],
      rivals: [ours, pty, limit('terminal', flood, bytes, 65_536)],
    },
    {
      id: 'terminal-loss',
      title: 'a program that writes 200 kB to a terminal and exits',
      measure: 'terminalLoss',
      params: { program: flood, bytes: 200_000, runs: 200 },
      quick: { runs: 50 },
      metrics: [
        {
          key: 'lossyPerThousand',
          title: 'runs that lose bytes',
          unit: '‰',
          less: true,
          targets: [{ atMost: 0 }],
        },
      ],
      rivals: [ours, pty],
      rounds: 1,
    },
  ];
}

export function allQuestions(): Question[] {
  return [
    ...execRates(),
    execRateLargeHeap(),
    ...latencies(),
    mainThread(48, '50 MB'),
    mainThread(2048, '2 GB'),
    firstByte(),
    ...streams(),
    sleepers(2000),
    sleepers(5000),
    stalledReader(),
    ...terminals(),
  ];
}
