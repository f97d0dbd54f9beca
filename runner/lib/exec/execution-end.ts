import { constants } from 'node:os';
import { isBoxliteError, type ExitStatus } from 'boxlite-ffi';

/** How an execution ended, as the wire tells it. */
export interface ExecutionEnd {
  status: 'completed' | 'killed' | 'timed_out';
  exitCode: number;
  /** Why, where it is not an ordinary exit. */
  errorMessage?: string;
  endedAt: number;
  durationMs: number;
}

/** Why an execution was ended from outside. */
export type Doom =
  | { by: 'kill' }
  | { by: 'reaper'; message: string }
  /** Its box was stopped or removed. */
  | { by: 'box'; message: string }
  /** The runner could not keep its output, or was closed. */
  | { by: 'runner'; message: string };

/** What the engine or its failure said of the end. */
export type Outcome = { status: ExitStatus } | { error: unknown };

export function executionEnd(
  outcome: Outcome,
  doom: Doom | undefined,
  startedAt: number,
  endedAt: number,
): ExecutionEnd {
  const exitCode = doom?.by === 'runner' ? -1 : exitCodeOf(outcome);
  const durationMs = Math.max(
    0,
    Math.round('status' in outcome ? outcome.status.durationMs : endedAt - startedAt),
  );
  const end = { status: statusOf(outcome, doom), exitCode, endedAt, durationMs };
  const errorMessage = messageOf(outcome, doom);
  return errorMessage === undefined ? end : { ...end, errorMessage };
}

/** The number of the C ABI: −n for signal n, −1 if nobody knows. */
function exitCodeOf(outcome: Outcome): number {
  if (!('status' in outcome)) return -1;
  const { exitCode, signal } = outcome.status;
  return exitCode ?? (signal === null ? -1 : -signalNumber(signal));
}

function statusOf(outcome: Outcome, doom: Doom | undefined): ExecutionEnd['status'] {
  if ('error' in outcome) return doom || isBoxliteError(outcome.error, 'stopped') ? 'killed' : 'completed';
  if (outcome.status.timedOut) return 'timed_out';
  if (doom === undefined) return 'completed';
  // A kill that came too late for a process that ended by itself has not ended it.
  const endedByItself = doom.by === 'kill' && outcome.status.signal !== 'SIGKILL';
  return endedByItself ? 'completed' : 'killed';
}

function messageOf(outcome: Outcome, doom: Doom | undefined): string | undefined {
  if (doom !== undefined && doom.by !== 'kill') return doom.message;
  if ('status' in outcome) return outcome.status.timedOut ? 'its time limit ran out' : undefined;
  return isBoxliteError(outcome.error) ? outcome.error.message : 'how it ended could not be learned';
}

const realTime = /^SIGRTMIN\+(\d+)$/;

function signalNumber(name: string): number {
  const known = (constants.signals as Readonly<Record<string, number | undefined>>)[name];
  if (known !== undefined) return known;
  if (name === 'SIGRTMIN') return 34;
  if (name === 'SIGRTMAX') return 64;
  const offset = realTime.exec(name)?.[1];
  return offset === undefined ? Number(name.replace(/^SIG/, '')) || 1 : 34 + Number(offset);
}
