import { InvalidArgumentError } from '../error-classes.js';
import type { EngineInfo } from '../engine.js';
import type { DrainTarget } from './drain-target.js';
import { DrainTally, type DrainResult } from './drain-tally.js';
import { chooseWriter, type WritingPattern } from './drain-writer.js';
import { ExecutionWatch } from './execution-watch.js';
import { machineFacts, type MachineFacts } from './machine.js';
import { lineBytes, linesFor, mostLines } from './written-stream.js';

/** `both` takes burst and trickle in turns. */
export type DrainPattern = WritingPattern | 'both';

export const drainPatterns: readonly DrainPattern[] = ['burst', 'trickle', 'both', 'exit-race'];

export interface DrainOptions {
  executions: number;
  /** How many run at once. */
  concurrency: number;
  /** What each writes to each of its two streams; rounded up to whole lines of 64. */
  bytes: number;
  pattern: DrainPattern;
  /** `auto`, `sh`, `compiled`, `script:…`, or the path of a program in the box. Default `auto`. */
  writer?: string;
  /** Is told after each execution how many are done. */
  onProgress?: (done: number, total: number) => void;
}

/** All that a run of `bench drain` tells. */
export interface DrainReport extends DrainResult {
  engine: EngineInfo;
  machine: MachineFacts;
  pattern: DrainPattern;
  concurrency: number;
  bytesPerStream: number;
  linesPerStream: number;
  writer: string;
  startedAt: string;
  durationMs: number;
}

/**
 * Runs commands that write a counted, checksummed stream on both pipes and exit at once, and tells what of it came.
 *
 * @throws InvalidArgumentError if an option is out of its range.
 */
export async function drain(target: DrainTarget, options: DrainOptions): Promise<DrainReport> {
  check(options);
  const lines = linesFor(options.bytes);
  const writer = chooseWriter(options.writer ?? 'auto', target.sharesFiles);
  const tally = new DrainTally(lines);
  const startedAt = new Date().toISOString();
  const start = performance.now();
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < options.executions) {
      const execution = next++;
      const watch = new ExecutionWatch(execution, lines);
      await target.run(writer.command(patternOf(options.pattern, execution), execution, lines), watch);
      tally.add(watch.finding());
      options.onProgress?.(++done, options.executions);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(options.concurrency, options.executions) }, lane));
  } finally {
    writer.dispose();
  }
  return {
    engine: target.engine,
    machine: machineFacts(),
    pattern: options.pattern,
    concurrency: options.concurrency,
    bytesPerStream: lines * lineBytes,
    linesPerStream: lines,
    writer: writer.name,
    startedAt,
    durationMs: performance.now() - start,
    ...tally.result(),
  };
}

function patternOf(pattern: DrainPattern, execution: number): WritingPattern {
  if (pattern !== 'both') return pattern;
  return execution % 2 === 0 ? 'burst' : 'trickle';
}

function check({ executions, concurrency, bytes }: DrainOptions): void {
  within('executions', executions, 1, 10_000_000);
  within('concurrency', concurrency, 1, 100_000);
  within('bytes', bytes, 1, mostLines * lineBytes);
}

function within(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidArgumentError(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
}
