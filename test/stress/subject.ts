import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { isBoxliteError, type Box, type Execution, type ExitStatus } from '../../lib/index.js';
import type { Plan } from './plan.js';
import { Verifier } from './pattern.js';
import { Random } from './random.js';
import { Readers, type Report } from './reading.js';

/** Only an execution that is stuck takes this long. */
const patienceMs = 120_000;

/** How one execution went. */
export interface Outcome {
  bytes: number;
  /** Streams that were read to the end of a child that ended by itself: every byte of it was compared. */
  wholeStreams: number;
  lost: number;
  failures: string[];
}

type Answer = { status: ExitStatus } | { error: unknown };

/** Runs one execution as planned and judges everything that it told. */
export async function runOne(box: Box, program: string, plan: Plan): Promise<Outcome> {
  const subject = new Subject(plan);
  const run = subject.run(box, program).catch((error: unknown) => {
    subject.fail(`${error instanceof Error ? error.stack : String(error)}`);
  });
  // A timer that was left running would keep its subject for as long, and look like a leak of the addon.
  const patience = new AbortController();
  const stuck = sleep(patienceMs, undefined, { signal: patience.signal }).then(
    () => subject.fail('stuck'),
    noop,
  );
  await Promise.race([stuck, run]);
  patience.abort();
  return subject.outcome;
}

class Subject {
  readonly outcome: Outcome = { bytes: 0, wholeStreams: 0, lost: 0, failures: [] };
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #abort = new AbortController();
  readonly #exits: ExitStatus[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = new Random(plan.seed, 2);
  }

  fail(what: string): void {
    this.outcome.failures.push(what);
  }

  async run(box: Box, program: string): Promise<void> {
    const { seed, bytes, piece, exitCode, lingers, ending } = this.#plan;
    const args = [seed, ...bytes, piece, exitCode, lingers ? 1 : 0].map(String);
    const options = {
      stdin: 'ignore',
      ...(ending === 'abort' && { signal: this.#abort.signal }),
      ...(ending === 'timeout' && { timeoutMs: this.#random.int(1, 60) }),
    } as const;
    if (this.#plan.readings === 'collected by run()')
      return this.#collect(box.run(program, args, { ...options, encoding: 'buffer' }));
    const execution = await box.exec(program, args, options);
    if (ending === 'forgotten') return;
    execution.on('exit', (status) => this.#exits.push(status));
    const readers = new Readers(execution, this.#plan);
    const waits = this.#plan.waits.filter(({ late }) => !late).map(({ drain }) => answer(execution, drain));
    const end = answer(execution, true);
    const reading = readers.run(end).catch((error: unknown) => this.#judgeReaderError(error));
    await this.#end(execution, readers);
    const last = await end;
    await reading;
    for (const { drain } of this.#plan.waits.filter(({ late }) => late)) waits.push(answer(execution, drain));
    for (const other of await Promise.all(waits)) this.#judgeWait(other, last);
    if (this.#random.chance(0.5)) await execution.close();
    this.#judgeEnd(last);
    for (const [i, report] of readers.reports.entries()) this.#judgeStream(report, bytes[i] as number);
  }

  /** What `run()` collected, judged like what a reader got that read to the end. */
  async #collect(running: Promise<ExitStatus & { stdout: Buffer; stderr: Buffer }>): Promise<void> {
    if (this.#plan.ending === 'abort') void this.#moment().then(() => this.#abort.abort(new Error('stress')));
    const result = await running.catch((error: unknown) => this.#judgeError(error));
    if (result === undefined) return;
    const { stdout, stderr, ...status } = result;
    this.#exits.push(status);
    this.#judgeEnd({ status });
    for (const [i, bytes] of [stdout, stderr].entries()) {
      const name = i === 0 ? 'stdout' : 'stderr';
      const verifier = new Verifier(this.#plan.seed + i);
      verifier.push(bytes);
      this.#judgeStream({ name, verifier, reachedEnd: true, late: false }, this.#plan.bytes[i] as number);
    }
  }

  /** When the plan wants it to be ended. */
  async #moment(): Promise<void> {
    const { endAfter } = this.#plan;
    for (let i = endAfter === 'all bytes' ? 50 : endAfter; i > 0; i--)
      await (i % 10 === 9 ? sleep(1) : turn());
  }

  async #end(execution: Execution, readers: Readers): Promise<void> {
    const { ending, endAfter, lingers, signal } = this.#plan;
    if (ending === 'itself' || ending === 'timeout') return;
    if (endAfter === 'all bytes') {
      // A stream that nobody reads is never complete: then a moment must do.
      for (let ms = 0; ms < 200 && !readers.complete; ms += 5) await sleep(5);
    } else {
      await this.#moment();
    }
    if (ending === 'kill') await execution.kill(signal);
    if (ending === 'close') await execution.close();
    if (ending === 'abort') this.#abort.abort(new Error('stress'));
    // A signal that came before exec() replaced the handlers, or that hit a child with nobody to kill it again.
    if (ending === 'kill' && lingers && signal !== 'SIGKILL') await execution.kill('SIGKILL');
  }

  #judgeReaderError(error: unknown): void {
    // Closing destroys the streams, which is an error to who iterates them.
    const premature = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (this.#plan.ending !== 'close' || !premature) this.fail(`a reader failed: ${String(error)}`);
  }

  #judgeWait(answer: Answer, last: Answer): void {
    if ('error' in answer) this.#judgeError(answer.error);
    else if ('error' in last || !same(answer.status, last.status)) {
      this.fail(`two waits differ: ${JSON.stringify([answer, last])}`);
    }
  }

  #judgeError(error: unknown): void {
    const { ending } = this.#plan;
    if (ending === 'abort' && (error as NodeJS.ErrnoException).code === 'ABORT_ERR') return;
    if (ending === 'close' && isBoxliteError(error)) return;
    this.fail(`wait() rejected: ${String(error)}`);
  }

  #judgeEnd(last: Answer): void {
    const { ending, exitCode, lingers } = this.#plan;
    if ('error' in last) return this.#judgeError(last.error);
    if (this.#exits.length !== 1) this.fail(`${this.#exits.length} exit events`);
    if (!same(last.status, this.#exits[0])) this.fail('wait() and exit differ');
    const { signal, timedOut } = last.status;
    const endedByItself = signal === null && last.status.exitCode === exitCode && !timedOut;
    if (endedByItself ? lingers : ending === 'itself') this.fail(`ended with ${JSON.stringify(last.status)}`);
  }

  #judgeStream(report: Report, bytes: number): void {
    const { count, firstWrong } = report.verifier;
    const status = this.#exits[0];
    this.outcome.bytes += count;
    if (report.late) this.fail(`${report.name}: data after exit`);
    if (firstWrong !== undefined || count > bytes) {
      this.fail(`${report.name}: wrong at byte ${firstWrong} of ${count}, ${bytes} were written`);
    }
    if (!report.reachedEnd || status?.signal !== null || status.exitCode !== this.#plan.exitCode) return;
    this.outcome.wholeStreams++;
    this.outcome.lost += bytes - count;
    if (count !== bytes) this.fail(`${report.name}: ${count} of ${bytes} bytes`);
  }
}

async function answer(execution: Execution, drain: boolean): Promise<Answer> {
  return execution.wait({ drain }).then(
    (status) => ({ status }),
    (error: unknown) => ({ error }),
  );
}

function noop(): void {}

function same(a: ExitStatus, b: ExitStatus | undefined): boolean {
  return b !== undefined && a.exitCode === b.exitCode && a.signal === b.signal && a.timedOut === b.timedOut;
}
