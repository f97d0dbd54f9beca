import { brand } from './brand.js';
import type { ExitStatus } from './exit-status.js';

/** An operation that its caller aborted. Its `cause` is the signal's reason. */
export class AbortError extends Error {
  /** The same word as Node's own abort errors. */
  readonly code = 'ABORT_ERR';

  constructor(message = 'The operation was aborted', options?: { cause?: unknown }) {
    super(message, options);
  }
}
brand(AbortError, 'AbortError');

/** What a {@link CommandFailedError} tells of its command. */
export interface FailedCommand {
  /** The command and its arguments, quoted where a shell would need it. */
  commandLine: string;
  status: ExitStatus;
  /** The last 4 KiB of standard output, as text. */
  stdoutTail: string;
  /** The last 4 KiB of standard error, as text. */
  stderrTail: string;
}

/** A command of `run({ check: true })` that did not end with exit code 0. */
export class CommandFailedError extends Error {
  readonly code = 'COMMAND_FAILED';
  /** How it ended. */
  readonly status: ExitStatus;
  /** The command and its arguments, quoted where a shell would need it. */
  readonly commandLine: string;
  /** The last 4 KiB of standard output, as text. */
  readonly stdoutTail: string;
  /** The last 4 KiB of standard error, as text. */
  readonly stderrTail: string;

  constructor(failed: FailedCommand) {
    super(describe(failed));
    this.status = failed.status;
    this.commandLine = failed.commandLine;
    this.stdoutTail = failed.stdoutTail;
    this.stderrTail = failed.stderrTail;
  }
}
brand(CommandFailedError, 'CommandFailedError');

function describe({ commandLine, status, stderrTail }: FailedCommand): string {
  const ending = status.timedOut
    ? `ran out of time after ${Math.round(status.durationMs)} ms`
    : status.signal !== null
      ? `was ended by ${status.signal}`
      : `ended with exit code ${status.exitCode}`;
  const lastLine = stderrTail.trimEnd().split('\n').at(-1) ?? '';
  const shown = commandLine.length > 80 ? `${commandLine.slice(0, 80)}…` : commandLine;
  return `${shown} ${ending}${lastLine === '' ? '' : `: ${lastLine.slice(0, 200)}`}`;
}

/** A command line as one could type it; for messages, not for running. */
export function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
