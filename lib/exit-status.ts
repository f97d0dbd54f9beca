import type { NativeExecution, NativeExit } from './native/addon.js';
import { signalName } from './signals.js';

/** How a process ended. Exactly one of `exitCode` and `signal` is not null. */
export interface ExitStatus {
  /** 0 to 255; null if it died from a signal. */
  exitCode: number | null;
  /** The signal it died from; null if it ended by itself. */
  signal: NodeJS.Signals | null;
  /** Whether its `timeoutMs` had passed and it was ended for it. */
  timedOut: boolean;
  /** From its start to its end, in milliseconds. */
  durationMs: number;
}

/** The C ABI's number, −n for signal n, as a status. */
export function exitStatus(exit: NativeExit): ExitStatus {
  const died = exit.exitCode < 0;
  return {
    exitCode: died ? null : exit.exitCode,
    signal: died ? signalName(-exit.exitCode) : null,
    timedOut: exit.timedOut,
    durationMs: exit.durationMs,
  };
}

/** How a closed execution ended. Whoever waits for it must be answered in any case. */
export async function endOf(native: NativeExecution): Promise<NativeExit> {
  try {
    return await native.wait(true);
  } catch (error) {
    return { exitCode: -1, error: error as Error, timedOut: false, durationMs: 0 };
  }
}
