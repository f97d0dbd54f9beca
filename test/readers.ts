import type { Execution } from '../lib/index.js';

/** Every way to read standard output piece by piece, by name. */
export const readers: Record<string, (execution: Execution) => AsyncIterable<unknown>> = {
  stdout: (execution) => execution.stdout as AsyncIterable<unknown>,
  'lines()': (execution) => execution.lines(),
  'output()': (execution) => execution.output(),
};
