import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Execution } from '../../lib/index.js';
import { Verifier } from './pattern.js';
import type { Plan, Reading } from './plan.js';
import { Random } from './random.js';

/** What one reader got of one stream. */
export interface Report {
  name: 'stdout' | 'stderr';
  verifier: Verifier;
  /** Whether it read up to the end of the stream. */
  reachedEnd: boolean;
  /** Whether a chunk came after `exit` although it had begun to read before. */
  late: boolean;
}

/** Reads the streams of one execution as its plan says. */
export class Readers {
  readonly reports: [Report, Report];
  readonly #execution: Execution;
  readonly #plan: Plan;
  readonly #random: Random;
  #exited = false;

  constructor(execution: Execution, plan: Plan) {
    this.#execution = execution;
    this.#plan = plan;
    this.#random = new Random(plan.seed, 1);
    const report = (name: 'stdout' | 'stderr', seed: number): Report => {
      return { name, verifier: new Verifier(seed), reachedEnd: false, late: false };
    };
    this.reports = [report('stdout', plan.seed), report('stderr', plan.seed + 1)];
    execution.once('exit', () => (this.#exited = true));
  }

  /** Whether everything that the child writes has been read. */
  get complete(): boolean {
    return this.reports.every(({ verifier }, i) => verifier.count === this.#plan.bytes[i]);
  }

  /** Resolves when all readers are done; `end` when the execution is. */
  async run(end: Promise<unknown>): Promise<void> {
    const { readings } = this.#plan;
    if (readings === 'in order of arrival') return this.#readBoth();
    if (readings === 'collected by run()') return;
    await Promise.all(readings.map((reading, i) => this.#read(this.reports[i] as Report, reading, end)));
  }

  async #readBoth(): Promise<void> {
    const [out, err] = this.reports;
    const lateFrom = this.#exited;
    for await (const { stream, data } of this.#execution.output()) {
      const report = stream === 'stdout' ? out : err;
      report.verifier.push(data);
      report.late ||= this.#exited && !lateFrom;
    }
    // A close ends an iteration where it stands.
    out.reachedEnd = err.reachedEnd = this.#plan.ending !== 'close';
  }

  async #read(report: Report, reading: Reading, end: Promise<unknown>): Promise<void> {
    const leaveAfter = this.#random.int(1, 5);
    switch (reading) {
      case 'unread':
        return;
      case 'data':
        return this.#flow(report);
      case 'pausing':
        return this.#flow(report, (stream) => this.#pause(stream));
      case 'iterated':
        return this.#iterate(report);
      case 'broken off':
        return this.#iterate(report, leaveAfter);
      case 'destroyed':
        return this.#flow(report, (stream, chunks) => void (chunks === leaveAfter && stream.destroy()));
      case 'read later':
        await end;
        return this.#iterate(report);
      case 'attached in mid-stream':
        for (let turns = this.#random.int(1, 20); turns > 0; turns--) await turn();
        return this.#flow(report);
    }
  }

  #pause(stream: Readable): void {
    if (!this.#random.chance(0.3)) return;
    stream.pause();
    setTimeout(() => stream.resume(), this.#random.int(0, 20));
  }

  #take(report: Report, chunk: Buffer, attachedLate: boolean): void {
    report.verifier.push(chunk);
    report.late ||= this.#exited && !attachedLate;
  }

  async #flow(report: Report, each?: (stream: Readable, chunks: number) => void): Promise<void> {
    const stream = this.#execution[report.name];
    if (stream.destroyed) return;
    const attachedLate = this.#exited;
    let chunks = 0;
    stream.on('data', (chunk: Buffer) => {
      this.#take(report, chunk, attachedLate);
      each?.(stream, ++chunks);
    });
    stream.once('end', () => (report.reachedEnd = true));
    await once(stream, 'close');
  }

  async #iterate(report: Report, leaveAfter = Infinity): Promise<void> {
    const attachedLate = this.#exited;
    let chunks = 0;
    for await (const chunk of this.#execution[report.name]) {
      this.#take(report, chunk as Buffer, attachedLate);
      if (++chunks >= leaveAfter) return;
    }
    report.reachedEnd = true;
  }
}
