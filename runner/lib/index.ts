export { createRunner, Runner } from './runner.js';
export { runnerPlugin, type RunnerPluginOptions } from './plugin.js';
export type { RunnerOptions } from './options.js';
export type { Limits } from './limits.js';
