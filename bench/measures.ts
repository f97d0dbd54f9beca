// What is measured, the same code for every peer. Each result is checked before its time counts.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Peer } from './peer.js';
import { quantile } from './statistics.js';

/** What a measure takes; programs are given by path. */
export type Params = Record<string, string | number>;

export type Figures = Record<string, number>;

type Measure = (peer: Peer, params: Params) => Promise<Figures>;

/** A peer that lacks the method is left out of the question. */
export class NotOffered extends Error {}

function need<K extends keyof Peer>(peer: Peer, method: K): NonNullable<Peer[K]> {
  const found = peer[method];
  if (found === undefined) throw new NotOffered(`does not offer ${method}`);
  return found;
}

function number(params: Params, name: string): number {
  const value = params[name];
  if (typeof value !== 'number') throw new Error(`parameter ${name} must be a number`);
  return value;
}

function text(params: Params, name: string): string {
  return String(params[name]);
}

function expect(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: expected ${expected}, got ${actual}`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Runs `one` so many times, so many at once. */
async function inLanes(times: number, atOnce: number, one: () => Promise<void>): Promise<void> {
  let left = times;
  const lane = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, lane));
}

export const measures: Record<string, Measure> = {
  async execRate(peer, params) {
    const capture = need(peer, 'capture');
    const times = number(params, 'executions');
    const path = text(params, 'program');
    const one = async () => expect('bytes', await capture(path, []), 0);
    return { perSecond: times / (await seconds(() => inLanes(times, number(params, 'atOnce'), one))) };
  },

  async execLatency(peer, params) {
    const capture = need(peer, 'capture');
    const path = text(params, 'program');
    const took: number[] = [];
    await inLanes(number(params, 'executions'), number(params, 'atOnce'), async () => {
      const start = performance.now();
      expect('bytes', await capture(path, []), 0);
      took.push(performance.now() - start);
    });
    return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
  },

  /** How long the call itself holds the main thread, and how long the loop is busy for one execution in all. */
  async mainThread(peer, params) {
    const capture = need(peer, 'capture');
    const path = text(params, 'program');
    const times = number(params, 'executions');
    const blocked: number[] = [];
    const before = performance.eventLoopUtilization?.();
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      const running = capture(path, []);
      blocked.push((performance.now() - start) * 1000);
      await running;
    }
    const busy = before && (performance.eventLoopUtilization(before).active * 1000) / times;
    return {
      p50: quantile(blocked, 0.5),
      p99: quantile(blocked, 0.99),
      ...(busy === undefined || busy === 0 ? {} : { busy }),
    };
  },

  async firstByte(peer, params) {
    const firstByte = need(peer, 'firstByte');
    const took: number[] = [];
    for (let i = number(params, 'executions'); i > 0; i--) {
      const start = performance.now();
      await firstByte(text(params, 'program'), ['32', '32'], () => took.push(performance.now() - start));
    }
    expect('first bytes', took.length, number(params, 'executions'));
    return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
  },

  async stdout(peer, params) {
    const drain = need(peer, 'drain');
    const bytes = number(params, 'bytes');
    const args = [String(bytes), String(number(params, 'block'))];
    const took = await seconds(async () =>
      expect('bytes', await drain(text(params, 'program'), args), bytes),
    );
    return { gbPerSecond: bytes / 1e9 / took };
  },

  async smallWrites(peer, params) {
    const drain = need(peer, 'drain');
    const lines = number(params, 'lines');
    const args = [String(lines), '1'];
    const took = await seconds(async () =>
      expect('bytes', await drain(text(params, 'program'), args), lines * 32),
    );
    return { millionPerSecond: lines / 1e6 / took };
  },

  async collect(peer, params) {
    const collect = need(peer, 'collect');
    const bytes = number(params, 'bytes');
    const args = [String(bytes), '65536'];
    const took = await seconds(async () =>
      expect('bytes', await collect(text(params, 'program'), args), bytes),
    );
    return { gbPerSecond: bytes / 1e9 / took };
  },

  async lines(peer, params) {
    const read = need(peer, 'lines');
    const lines = number(params, 'lines');
    const took = await seconds(async () =>
      expect('lines', await read(text(params, 'program'), [String(lines), '128']), lines),
    );
    return { millionPerSecond: lines / 1e6 / took };
  },

  async stdin(peer, params) {
    const feed = need(peer, 'feed');
    const block = Buffer.alloc(number(params, 'block'), 'i');
    const times = number(params, 'bytes') / block.length;
    const took = await seconds(async () => {
      const told = await feed(text(params, 'program'), [], block, times);
      expect('bytes', Number(told), number(params, 'bytes'));
    });
    return { gbPerSecond: number(params, 'bytes') / 1e9 / took };
  },

  async sleepers(peer, params) {
    const start = need(peer, 'start');
    const count = number(params, 'count');
    const before = process.memoryUsage().rss;
    const running: { end(): Promise<void> }[] = [];
    const startSeconds = await seconds(() =>
      inLanes(count, number(params, 'atOnce'), async () => {
        running.push(await start(text(params, 'program')));
      }),
    );
    const kilobytesEach = (process.memoryUsage().rss - before) / 1024 / count;
    expect('running', running.length, count);
    await Promise.all(running.map((one) => one.end()));
    return { startSeconds, kilobytesEach };
  },

  async stalledReader(peer, params) {
    const stall = need(peer, 'stall');
    const before = process.memoryUsage().rss;
    let most = before;
    const watched = (async () => {
      for (let i = 0; i < number(params, 'samples'); i++) {
        await sleep(20);
        most = Math.max(most, process.memoryUsage().rss);
      }
    })();
    await stall(text(params, 'program'), [String(number(params, 'bytes')), '65536'], watched);
    return { megabytes: (most - before) / 1024 / 1024 };
  },

  async terminal(peer, params) {
    const terminal = need(peer, 'terminal');
    const bytes = number(params, 'bytes');
    let came = 0;
    const took = await seconds(async () => {
      came = await terminal(text(params, 'program'), [String(bytes), '65536']);
    });
    return { mbPerSecond: came / 1e6 / took };
  },

  /** Of commands that write to a terminal and exit: how many lose something. */
  async terminalLoss(peer, params) {
    const terminal = need(peer, 'terminal');
    const bytes = number(params, 'bytes');
    let lossy = 0;
    for (let i = number(params, 'runs'); i > 0; i--) {
      if ((await terminal(text(params, 'program'), [String(bytes), '65536'])) !== bytes) lossy++;
    }
    return { lossyPerThousand: (lossy * 1000) / number(params, 'runs') };
  },
};
