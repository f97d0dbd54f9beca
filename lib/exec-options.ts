import type { Readable } from 'node:stream';

/** What a command reads: a pipe to write to, nothing, or all of something, followed by the end. */
export type StdinSource =
  'pipe' | 'ignore' | string | Uint8Array | AsyncIterable<string | Uint8Array> | Readable;

/** The size of a terminal in characters, each 1 to 65535. */
export interface TerminalSize {
  cols: number;
  rows: number;
}

/** How a command is started. */
export interface ExecOptions {
  /** Added to the box's own variables. */
  env?: Record<string, string>;
  /** Default: the box's. One that does not exist is an `ExecutionError`. */
  workingDir?: string;
  /** name or uid, optionally `:group` or `:gid`. */
  user?: string;
  /** Gives it a terminal; stderr is then part of stdout. Without a size: the engine's default. */
  tty?: boolean | TerminalSize;
  /** After so many milliseconds: TERM, two seconds of grace, KILL, to the whole process group. */
  timeoutMs?: number;
  /** Aborts with KILL; `wait()` rejects with an `AbortError` whose cause is `signal.reason`. */
  signal?: AbortSignal;
  /**
   * What it reads. Default `'pipe'` for `exec`, `'ignore'` for `run`, where nobody could write.
   * If a given source fails, the command is killed and `wait()` rejects with that failure.
   */
  stdin?: StdinSource;
  /**
   * How many bytes are kept of a stream that nobody reads; default 1 GiB. Beyond it the command is killed and
   * `wait()` rejects with `ResourceExhaustedError`.
   */
  maxBufferedBytes?: number;
}

/** How a command is run to its end. */
export interface RunOptions extends ExecOptions {
  /** What `stdout` and `stderr` of the result are. Default `'utf8'`: strings. */
  encoding?: 'utf8' | 'buffer';
  /** How many bytes are kept of each stream; the rest is discarded. Default: all. */
  maxBytes?: number;
  /** Rejects with `CommandFailedError` unless the exit code is 0. Default false. */
  check?: boolean;
  /** Is given every chunk of stdout, also beyond `maxBytes`. If it throws, the command is killed and `run` rejects. */
  onStdout?: (chunk: Buffer) => void;
  /** Is given every chunk of stderr, also beyond `maxBytes`. If it throws, the command is killed and `run` rejects. */
  onStderr?: (chunk: Buffer) => void;
}
