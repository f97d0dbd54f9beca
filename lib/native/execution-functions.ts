import type { NativeExecution, NativeExit } from './addon.js';
import { having } from './functions.js';

/** Reads standard output; what came before is delivered first. One reader a stream. */
export function executionOnStdout(execution: NativeExecution, callback: (chunk: Buffer) => void): void {
  theExecution(execution).onStdout(callback);
}

/** Reads standard error; what came before is delivered first. One reader a stream. */
export function executionOnStderr(execution: NativeExecution, callback: (chunk: Buffer) => void): void {
  theExecution(execution).onStderr(callback);
}

/** Is told the end, exactly once, after the last chunk of both streams. */
export function executionOnExit(execution: NativeExecution, callback: (exit: NativeExit) => void): void {
  theExecution(execution).onExit(callback);
}

/** Resolves after the exit callback. */
export async function executionWait(execution: NativeExecution, drain = true): Promise<NativeExit> {
  return theExecution(execution).wait(drain);
}

/** Sends KILL. */
export async function executionKill(execution: NativeExecution): Promise<void> {
  return theExecution(execution).kill();
}

/** Sends a signal by number, 1 to 64. */
export async function executionSignal(execution: NativeExecution, signal: number): Promise<void> {
  return theExecution(execution).signal(signal);
}

/** Changes the size of the execution's terminal, in characters; rows come first, as in C. */
export async function executionTtyResize(
  execution: NativeExecution,
  rows: number,
  cols: number,
): Promise<void> {
  return theExecution(execution).resize(cols, rows);
}

/** Writes to standard input. */
export async function executionStdinWrite(execution: NativeExecution, data: Uint8Array): Promise<void> {
  return theExecution(execution).write(data);
}

/** Ends standard input. */
export async function executionStdinClose(execution: NativeExecution): Promise<void> {
  return theExecution(execution).closeStdin();
}

/** Kills if running and releases everything. */
export async function executionFree(execution: NativeExecution): Promise<void> {
  return theExecution(execution).close();
}

function theExecution(execution: NativeExecution): NativeExecution {
  return having(execution, 'closeStdin', 'execution', 'a NativeExecution');
}
