import type { Random } from './random.js';

/** How one stream is read. */
export type Reading =
  | 'unread'
  | 'data'
  | 'pausing'
  | 'iterated'
  | 'broken off'
  | 'destroyed'
  | 'read later'
  | 'attached in mid-stream';

/** What ends an execution, unless it ends by itself. */
export type Ending = 'itself' | 'kill' | 'close' | 'abort' | 'timeout' | 'forgotten';

/** Everything about one execution, decided before it starts. */
export interface Plan {
  seed: number;
  bytes: [number, number];
  piece: number;
  exitCode: number;
  /** Whether the child stays after its last byte, until it is ended. */
  lingers: boolean;
  readings: [Reading, Reading] | 'in order of arrival' | 'collected by run()';
  ending: Ending;
  signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT';
  /** When to end it: after so many turns of the event loop, or when the child has written everything. */
  endAfter: number | 'all bytes';
  waits: { drain: boolean; late: boolean }[];
}

const readings = [
  'unread',
  'data',
  'data',
  'pausing',
  'iterated',
  'iterated',
  'broken off',
  'destroyed',
  'read later',
  'attached in mid-stream',
] as const;

const endings = ['itself', 'itself', 'itself', 'kill', 'close', 'abort', 'timeout', 'forgotten'] as const;

/** Most streams are small, some fill pipes, and a few are larger than what is kept in memory. */
function size(random: Random): number {
  const kind = random.next();
  if (kind < 0.15) return 0;
  if (kind < 0.7) return random.int(1, 20_000);
  if (kind < 0.95) return random.int(20_000, 400_000);
  return random.int(400_000, 3_000_000);
}

function howToRead(random: Random, ending: Ending): Plan['readings'] {
  if (random.chance(0.15)) return 'in order of arrival';
  // run() gives nobody an execution that could be ended in another way.
  const canRun = ending === 'itself' || ending === 'abort' || ending === 'timeout';
  if (canRun && random.chance(0.2)) return 'collected by run()';
  return [random.pick(readings), random.pick(readings)];
}

export function plan(random: Random): Plan {
  const ending = random.pick(endings);
  const endsByItself = ending === 'itself';
  const bytes: [number, number] = [size(random), size(random)];
  const leastPiece = Math.ceil(Math.max(...bytes) / 2000);
  return {
    seed: random.int(0, 2 ** 31),
    bytes,
    piece: Math.max(random.pick([1, 100, 4096, 65_536, 262_144]), leastPiece),
    exitCode: random.int(0, 60),
    lingers: !endsByItself && ending !== 'forgotten' && random.chance(0.5),
    readings: howToRead(random, ending),
    ending,
    signal: random.pick(['SIGTERM', 'SIGKILL', 'SIGINT']),
    endAfter: random.chance(0.3) ? 'all bytes' : random.int(0, 30),
    waits: Array.from({ length: random.int(0, 3) }, () => ({
      drain: random.chance(0.6),
      late: random.chance(0.4),
    })),
  };
}
