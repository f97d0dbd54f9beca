import { vitest, type Mutant } from './mutant.js';

/** Breaks of the TypeScript API. */
export const api: Mutant[] = [
  {
    name: 'decode-text-too-early',
    file: 'lib/line-splitter.ts',
    find: 'const text = this.#decoder.write(piece);',
    replace: "const text = piece.toString('utf8');",
    caughtBy: vitest('hazards/text-is-cut', 'a character that three chunks share is one in lines()'),
  },
  {
    name: 'let-exit-overtake-the-last-line',
    file: 'lib/exit-gate.ts',
    find: 'if (this.#told || this.#arrived === undefined || this.#holds > 0) return;',
    replace: 'if (this.#told || this.#arrived === undefined) return;',
    caughtBy: vitest('hazards/text-is-cut', 'half a character at the end comes before exit'),
  },
  {
    name: 'read-ahead-of-the-consumer',
    file: 'lib/output-stream.ts',
    find: 'super({ highWaterMark: 0 });',
    replace: 'super({ highWaterMark: 1 << 20 });',
    caughtBy: vitest(
      'integration/data-before-exit',
      'for a stream that somebody reads exit and wait wait for a reader that is slower than the process',
    ),
  },
  {
    name: 'stop-at-half-a-character',
    file: 'lib/output-stream.ts',
    find: 'if (!this.#swallowed(chunk)) return;',
    replace: 'this.#swallowed(chunk);\n      return;',
    caughtBy: vitest('hazards/text-is-cut', 'a character that three chunks share is one with setEncoding'),
  },
  {
    name: 'map-stopped-to-internal-in-javascript',
    file: 'lib/errors.ts',
    find: 'const known = classes.get(errno);',
    replace: 'const known = classes.get(errno === 11 ? 1 : errno);',
    caughtBy: vitest(
      'hazards/error-codes',
      'every code of the ABI and an unknown one become their class execution.wait, called back',
    ),
  },
  {
    name: 'forget-an-unknown-number',
    file: 'lib/errors.ts',
    find: 'return new fallback(message, { ...options, errno });',
    replace: 'return new fallback(message, options);',
    caughtBy: vitest(
      'hazards/error-codes',
      'every code of the ABI and an unknown one become their class box.create, called back',
    ),
  },
  {
    name: 'pass-a-taken-name-on-as-the-engine-says-it',
    file: 'lib/runtime.ts',
    find: 'if (name === undefined || !(error instanceof InvalidArgumentError)) return error;',
    replace: 'if (error) return error;',
    caughtBy: vitest(
      'hazards/box-handle-is-spent',
      'a name that is taken is AlreadyExistsError, whatever number the engine has for it (H24)',
    ),
  },
  {
    name: 'keep-the-spent-handle-while-asking-for-another',
    file: 'lib/box-record.ts',
    find: '    await this.#handle.giveBack();\n',
    replace: '',
    caughtBy: vitest(
      'hazards/box-handle-is-spent',
      'a stop spends the handle for ever (H22) start() after the box stopped by itself works, although the engine hands the spent life out again',
    ),
  },
  {
    name: 'boot-inside-exec',
    file: 'lib/box-record.ts',
    find: "if (this.#session.engine.kind === 'library') {",
    replace: "if (this.#session.engine.kind === 'remote') {",
    caughtBy: vitest(
      'hazards/engine-blocks',
      'box_exec holds its caller while a box boots (H15) a box that never ran is started by a call that does not block',
    ),
  },
  {
    name: 'write-again-what-was-taken',
    file: 'lib/input-writer.ts',
    find: 'join([piece.subarray(taken), ',
    replace: 'join([piece, ',
    caughtBy: vitest('unit/input-writer', 'with room for 4 bytes the rest follows in order'),
  },
  {
    name: 'write-without-end-in-one-turn',
    file: 'lib/input-writer.ts',
    find: 'if (this.#spent < budget) return undefined;',
    replace: 'if (this.#spent < Infinity) return undefined;',
    caughtBy: vitest('unit/input-writer', 'large writes leave the loop a turn now and then'),
  },
  {
    name: 'reject-a-kill-that-came-too-late',
    file: 'lib/send-signal.ts',
    find: 'if (!(await isGone(native, error))) throw error;',
    replace: 'throw error;',
    caughtBy: vitest(
      'hazards/box-handle-is-spent',
      'a signal to what has ended is a success also where the end is told only afterwards',
    ),
  },
];
