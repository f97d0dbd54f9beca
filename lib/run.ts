import { commandLine, CommandFailedError } from './call-errors.js';
import { Collector, type Collected } from './collector.js';
import { ResourceExhaustedError, StoppedError } from './error-classes.js';
import { closeExecution, failExecution, outcomeOf, type Execution } from './execution.js';
import type { ExitStatus } from './exit-status.js';
import { Gatherer } from './gatherer.js';
import type { NativeExecution, StreamNumber } from './native/addon.js';
import type { RunPlan } from './read-exec-options.js';

/** How a command ended and what it wrote. */
export interface RunResult extends ExitStatus {
  /** Text, or bytes with `encoding: 'buffer'`. */
  stdout: string | Buffer;
  /** Text, or bytes with `encoding: 'buffer'`. */
  stderr: string | Buffer;
  /** Whether `maxBytes` cut one of them. */
  truncated: boolean;
}

/** Reads a started command to its end. */
export async function runToEnd(
  native: NativeExecution,
  execution: Execution,
  plan: RunPlan,
): Promise<RunResult> {
  try {
    const collect = (stream: StreamNumber, onChunk: ((chunk: Buffer) => void) | undefined): Collected => {
      const { maxBytes } = plan;
      if (onChunk === undefined) return new Gatherer(native, stream, maxBytes);
      const fail = (error: unknown): void => failExecution(execution, error);
      return new Collector(native, stream, { maxBytes, onChunk, fail });
    };
    const stdout = collect(1, plan.onStdout);
    const stderr = collect(2, plan.onStderr);
    stdout.start();
    stderr.start();
    const status = await outcomeOf(execution);
    if (native.cutOff) {
      throw new StoppedError(`the runtime was closed before all output of "${plan.native.command}" was read`);
    }
    if (plan.check && status.exitCode !== 0) throw failure(plan, status, stdout, stderr);
    const { exitCode, signal, timedOut, durationMs } = status;
    return {
      exitCode,
      signal,
      timedOut,
      durationMs,
      stdout: content(stdout, plan, 'stdout'),
      stderr: content(stderr, plan, 'stderr'),
      truncated: stdout.truncated || stderr.truncated,
    };
  } finally {
    await closeExecution(execution);
  }
}

function failure(
  plan: RunPlan,
  status: ExitStatus,
  stdout: Collected,
  stderr: Collected,
): CommandFailedError {
  return new CommandFailedError({
    commandLine: commandLine(plan.native.command, plan.native.args ?? []),
    status,
    stdoutTail: stdout.tail(),
    stderrTail: stderr.tail(),
  });
}

function content(collector: Collected, { encoding, native }: RunPlan, stream: string): string | Buffer {
  const bytes = collector.bytes();
  if (encoding === 'buffer') return bytes;
  try {
    return bytes.toString('utf8');
  } catch (cause) {
    // The engine of JavaScript has a largest string; what was read must not end in its words for that.
    throw new ResourceExhaustedError(
      `${stream} of "${native.command}" (${bytes.length} bytes) is too long for a string; use encoding: 'buffer' or maxBytes`,
      { cause },
    );
  }
}
