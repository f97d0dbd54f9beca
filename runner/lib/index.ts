export { createRunner, Runner } from './runner.js';
export type { RunnerOptions } from './options.js';
export type { Limits } from './limits.js';
