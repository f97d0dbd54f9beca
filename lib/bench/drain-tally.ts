import type { ExecutionFinding } from './execution-watch.js';
import { upperBound } from './loss-bound.js';
import { lineBytes } from './written-stream.js';

/** What a consumer would have lost, in the same run, who takes the engine's raw wait for the end of the output. */
export interface NaiveResult {
  /** Executions whose raw wait was seen. */
  executions: number;
  executionsWithLoss: number;
  lostBytes: number;
  lossRate: number;
  lossRateUpper95: number;
}

/** The figures of a run. */
export interface DrainResult {
  executions: number;
  expectedBytes: number;
  executionsWithLoss: number;
  lostBytes: number;
  lostLines: number;
  damagedLines: number;
  repeatedLines: number;
  reorderedLines: number;
  reorderedEvents: number;
  lateChunks: number;
  /** Waits that were answered before the last output came. */
  waitsBeforeOutput: number;
  wrongExitCodes: number;
  failures: number;
  /** The first few reasons. */
  failureReasons: string[];
  /** Executions that lost something, of all. */
  lossRate: number;
  /** With 95 % confidence the rate is not above this: exact, one-sided (Clopper-Pearson; about 3/n without a loss). */
  lossRateUpper95: number;
  boundMethod: 'clopper-pearson-one-sided-95';
  /** How many executions brought how many lines of both streams together, in ascending order. */
  histogram: { lines: number; executions: number }[];
  naive?: NaiveResult;
}

const mostReasons = 5;

/** Adds the findings of all executions up. */
export class DrainTally {
  readonly #lines: number;
  readonly #histogram = new Map<number, number>();
  readonly #reasons: string[] = [];
  readonly #sum = {
    executions: 0,
    executionsWithLoss: 0,
    lostBytes: 0,
    lostLines: 0,
    damagedLines: 0,
    repeatedLines: 0,
    reorderedLines: 0,
    reorderedEvents: 0,
    lateChunks: 0,
    waitsBeforeOutput: 0,
    wrongExitCodes: 0,
    failures: 0,
  };
  readonly #naive = { executions: 0, executionsWithLoss: 0, lostBytes: 0 };

  /** @param lines - What each execution writes to each of its streams. */
  constructor(lines: number) {
    this.#lines = lines;
  }

  add(finding: ExecutionFinding): void {
    const sum = this.#sum;
    const streams = [finding.stdout, finding.stderr];
    sum.executions++;
    for (const stream of streams) {
      sum.lostBytes += stream.lostBytes;
      sum.lostLines += stream.lostLines;
      sum.damagedLines += stream.damagedLines;
      sum.repeatedLines += stream.repeatedLines;
      sum.reorderedLines += stream.reorderedLines;
    }
    if (streams.some((stream) => stream.lostBytes > 0)) sum.executionsWithLoss++;
    sum.reorderedEvents += finding.reorderedEvents;
    sum.lateChunks += finding.lateChunks;
    if (finding.waitOvertook) sum.waitsBeforeOutput++;
    if (finding.wrongExitCode) sum.wrongExitCodes++;
    if (finding.failure !== undefined) this.#fail(finding.failure);
    const lines = finding.stdout.lines + finding.stderr.lines;
    this.#histogram.set(lines, (this.#histogram.get(lines) ?? 0) + 1);
    if (finding.naiveLostBytes !== undefined) this.#addNaive(finding.naiveLostBytes);
  }

  result(): DrainResult {
    const { executions, executionsWithLoss } = this.#sum;
    return {
      ...this.#sum,
      expectedBytes: executions * 2 * this.#lines * lineBytes,
      failureReasons: [...this.#reasons],
      lossRate: executions === 0 ? 0 : executionsWithLoss / executions,
      lossRateUpper95: upperBound(executionsWithLoss, executions),
      boundMethod: 'clopper-pearson-one-sided-95',
      histogram: [...this.#histogram]
        .map(([lines, count]) => ({ lines, executions: count }))
        .sort((a, b) => a.lines - b.lines),
      ...(this.#naive.executions === 0 ? {} : { naive: this.#naiveResult() }),
    };
  }

  #fail(reason: string): void {
    this.#sum.failures++;
    if (this.#reasons.length < mostReasons && !this.#reasons.includes(reason)) this.#reasons.push(reason);
  }

  #addNaive(lostBytes: number): void {
    this.#naive.executions++;
    this.#naive.lostBytes += lostBytes;
    if (lostBytes > 0) this.#naive.executionsWithLoss++;
  }

  #naiveResult(): NaiveResult {
    const { executions, executionsWithLoss } = this.#naive;
    return {
      ...this.#naive,
      lossRate: executionsWithLoss / executions,
      lossRateUpper95: upperBound(executionsWithLoss, executions),
    };
  }
}

/** Whether the engine did everything right: no byte lost or doubled, nothing out of order, every end told. */
export function isClean(result: DrainResult): boolean {
  return (
    result.lostBytes === 0 &&
    result.damagedLines === 0 &&
    result.repeatedLines === 0 &&
    result.reorderedLines === 0 &&
    result.reorderedEvents === 0 &&
    result.lateChunks === 0 &&
    result.waitsBeforeOutput === 0 &&
    result.wrongExitCodes === 0 &&
    result.failures === 0
  );
}
