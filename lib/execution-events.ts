import type { ExitStatus } from './exit-status.js';

/** The events of an `Execution`, in this order. */
export interface ExecutionEvents {
  /** It ended, and every reader has had its last byte. Not emitted if the end could not be learned. */
  exit: [status: ExitStatus];
  /** After `exit`, when every stream that somebody read has ended or was destroyed. */
  close: [];
}
