import { vitest, type Mutant } from './mutant.js';

const execution = 'csrc/node/execution.cc';

/** Breaks of the way into JavaScript. */
export const glue: Mutant[] = [
  {
    name: 'ring-the-bell-once-only',
    file: 'csrc/node/delivery.cc',
    find: '  rung_ = false;\n',
    replace: '',
    caughtBy: vitest('hazards/wait-overtakes-output', 'holds a wait that arrives before the last chunk'),
  },
  {
    name: 'stop-a-flow-at-the-end-of-a-turn',
    file: execution,
    find: 'if (given >= kFlowBudget) FlowLater(stream);',
    replace: '(void)given;',
    caughtBy: vitest(
      'hazards/callback-readers',
      'callbacks more than one turn can carry comes in several, complete',
    ),
  },
  {
    name: 'flow-while-paused',
    file: execution,
    find: 'while (!to.paused && given < kFlowBudget',
    replace: 'while (given < kFlowBudget',
    caughtBy: vitest(
      'hazards/callback-readers',
      'callbacks a paused reader holds exit and wait up, and nobody else',
    ),
  },
  {
    name: 'forget-to-flow-on-after-a-pause',
    file: execution,
    find: '.on_chunk.IsEmpty()) return;\n  FlowLater(stream);',
    replace: '.on_chunk.IsEmpty()) return;',
    caughtBy: vitest(
      'hazards/callback-readers',
      'callbacks a paused reader holds exit and wait up, and nobody else',
    ),
  },
  {
    name: 'answer-without-the-error',
    file: execution,
    find: '  if (ending.terminal.error) object.Set("error", environment_.ToJs(*ending.terminal.error));\n',
    replace: '',
    caughtBy: vitest('hazards/callback-readers', 'callbacks a lost status is told with its error'),
  },
  {
    name: 'answer-only-the-first-wait',
    file: execution,
    find: '    deferred.Resolve(ToJs(*ending_));\n',
    replace: '    deferred.Resolve(ToJs(*ending_));\n    break;\n',
    caughtBy: vitest('hazards/callback-readers', 'several waits are all answered'),
  },
  {
    name: 'swallow-what-a-listener-throws',
    file: 'csrc/node/environment.cc',
    find: 'if (napi_get_and_clear_last_exception(env_, &error) == napi_ok) napi_fatal_exception(env_, error);',
    replace: 'napi_get_and_clear_last_exception(env_, &error);',
    caughtBy: vitest(
      'hazards/callback-readers',
      'callbacks a chunk callback that throws loses no other chunk and no exit',
    ),
  },
];
