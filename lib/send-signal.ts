import { isBoxliteError } from './errors.js';
import type { NativeExecution } from './native/addon.js';

/** How long a refused signal waits for the news that the process is gone. */
const goneGraceMs = 500;

const sigkill = 9;

/** Sends a signal; to a process that is gone this is no failure. */
export async function sendSignal(native: NativeExecution, signal: number): Promise<void> {
  if (native.exited) return;
  try {
    await (signal === sigkill ? native.kill() : native.signal(signal));
  } catch (error) {
    if (!(await isGone(native, error))) throw error;
  }
}

/** Engines answer "internal" or "not found" for a process that has ended, before they tell its end. */
async function isGone(native: NativeExecution, error: unknown): Promise<boolean> {
  if (native.exited) return true;
  if (!isBoxliteError(error, 'internal') && !isBoxliteError(error, 'not_found')) return false;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, goneGraceMs, false);
  });
  try {
    return await Promise.race([native.wait(false).then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
