import type { EngineInfo } from '../engine.js';
import type { WriterCommand } from './drain-writer.js';
import type { ExecutionWatch } from './execution-watch.js';

/** Where the commands of a drain run are executed. */
export interface DrainTarget {
  readonly engine: EngineInfo;
  /** Whether programs of this machine can be run in the box. */
  readonly sharesFiles: boolean;
  /** Whether it can tell what was there when the raw wait answered. */
  readonly seesRawWait: boolean;
  /** Runs one command and tells the watch all that happens; resolves when nothing more can come. Never rejects. */
  run(command: WriterCommand, watch: ExecutionWatch): Promise<void>;
  close(): Promise<void>;
}

/** What all targets take. */
export interface TargetOptions {
  /** After that long an execution is given up and counted as a failure. */
  timeoutMs: number;
  /** Image of the box; the engine's default without it. */
  image?: string;
}
