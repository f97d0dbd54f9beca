import { Readable } from 'node:stream';
import type { StdinSource, RunOptions } from './exec-options.js';
import type { NativeCommand } from './native/addon.js';
import {
  checkInteger,
  checkName,
  checkTexts,
  compact,
  invalid,
  OptionReader,
  readWhole,
  required,
} from './options.js';

/** A command, checked: what the addon is told, and what stays on this side. */
export interface CommandPlan {
  native: NativeCommand;
  stdin: StdinSource;
  signal: AbortSignal | undefined;
}

/** What `run` does beside `exec`. */
export interface RunPlan extends CommandPlan {
  encoding: 'utf8' | 'buffer';
  maxBytes: number;
  check: boolean;
  onStdout: RunOptions['onStdout'];
  onStderr: RunOptions['onStderr'];
}

export function readCommand(command: unknown, args: unknown, options: unknown): CommandPlan {
  return readWhole(new OptionReader(options), (read) => commandPlan(command, args, read, 'pipe'));
}

export function readRun(command: unknown, args: unknown, options: unknown): RunPlan {
  return readWhole(new OptionReader(options), (read) => {
    // Member by member: a spread that is added to costs as much as all the rest.
    const { native, stdin, signal } = commandPlan(command, args, read, 'ignore');
    const onStdout = read.callback<(chunk: Buffer) => void>('onStdout');
    const onStderr = read.callback<(chunk: Buffer) => void>('onStderr');
    const isWatched = onStdout !== undefined || onStderr !== undefined || signal !== undefined;
    // With a bound on what is not read yet, it must be read from the start.
    if (stdin === 'ignore' && !isWatched && native.maxBufferedBytes === undefined) native.quietStart = true;
    return {
      native,
      stdin,
      signal,
      encoding: read.oneOf('encoding', ['utf8', 'buffer']) ?? 'utf8',
      maxBytes: read.integer('maxBytes', { min: 0, max: Number.MAX_SAFE_INTEGER, unit: 'bytes' }) ?? Infinity,
      check: read.flag('check') ?? false,
      onStdout,
      onStderr,
    };
  });
}

const side = { min: 1, max: 65535 };

export function readTerminalSize(value: unknown, prefix: string): { cols: number; rows: number } {
  return readWhole(new OptionReader(required(value, prefix, '{ cols, rows }'), prefix), (read) => ({
    cols: checkInteger(read.any('cols'), read.name('cols'), side),
    rows: checkInteger(read.any('rows'), read.name('rows'), side),
  }));
}

function commandPlan(
  command: unknown,
  args: unknown,
  read: OptionReader,
  defaultStdin: 'pipe' | 'ignore',
): CommandPlan {
  const tty = read.any('tty');
  const size = typeof tty === 'object' && tty !== null ? readTerminalSize(tty, 'tty') : undefined;
  if (size === undefined && tty !== undefined && typeof tty !== 'boolean') {
    throw invalid('tty', 'true, false or { cols, rows }', tty);
  }
  const stdin = checkStdin(read.any('stdin') ?? defaultStdin);
  return {
    native: compact<NativeCommand>({
      command: checkName(command, 'command'),
      args: args === undefined ? undefined : checkTexts(args, 'args'),
      env: read.environment('env'),
      workingDir: read.nonEmpty('workingDir'),
      user: read.nonEmpty('user'),
      timeoutMs: deadline(read.milliseconds('timeoutMs')),
      tty: tty === undefined ? undefined : tty !== false,
      cols: size?.cols,
      rows: size?.rows,
      noStdin: stdin === 'ignore' ? true : undefined,
      maxBufferedBytes: read.integer('maxBufferedBytes', {
        min: 1,
        max: Number.MAX_SAFE_INTEGER,
        unit: 'bytes',
      }),
    }),
    stdin,
    signal: checkSignal(read.any('signal')),
  };
}

/** Three decades are for ever, and an engine's clock can still add them up. */
function deadline(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : Math.min(timeoutMs, 1e12);
}

function checkStdin(value: unknown): StdinSource {
  if (typeof value === 'string' || value instanceof Uint8Array || value instanceof Readable) return value;
  if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
    return value as AsyncIterable<string | Uint8Array>;
  }
  throw invalid('stdin', "'pipe', 'ignore', a string, a Uint8Array, an async iterable or a Readable", value);
}

/** Judged by its shape: signals of another realm or a polyfill are as good. */
function checkSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined;
  const isSignal =
    typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
  if (!isSignal) throw invalid('signal', 'an AbortSignal', value);
  return value as AbortSignal;
}
