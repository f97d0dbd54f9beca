import type { MachineFacts } from '../../dist/bench/machine.js';
import type { Outcome } from './outcome.js';

/** A whole run, as --json writes it and --compare reads it. */
export interface BenchRun {
  machine: MachineFacts;
  startedAt: string;
  rounds: number;
  quick: boolean;
  outcomes: Outcome[];
}

/** A run that was written before. @throws Error if the text is none. */
export function readRun(text: string): BenchRun {
  const run = JSON.parse(text) as Partial<BenchRun> | null;
  if (!Array.isArray(run?.outcomes) || typeof run.startedAt !== 'string') {
    throw new Error('this is not the JSON of a bench run (no outcomes)');
  }
  return run as BenchRun;
}
