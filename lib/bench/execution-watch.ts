import type { NaiveCounts } from '../native/addon.js';
import { StreamChecker, type StreamFinding } from './stream-checker.js';
import { exitCodeOf, lineBytes, type StreamName } from './written-stream.js';

/** What became of one execution. */
export interface ExecutionFinding {
  stdout: StreamFinding;
  stderr: StreamFinding;
  /** Events out of order: data after exit, a wait answered before exit, a second exit. */
  reorderedEvents: number;
  /** Chunks that came after the end was told. */
  lateChunks: number;
  /** The wait was answered, and output came after it. */
  waitOvertook: boolean;
  /** The wait or the exit told another exit code than the writer's. */
  wrongExitCode: boolean;
  /** Why its end could not be learned. */
  failure?: string;
  /** What a consumer would have missed who takes the engine's raw wait for the end, in bytes. */
  naiveLostBytes?: number;
}

/** Is told everything that a consumer of one execution sees, and judges it. */
export class ExecutionWatch {
  readonly #execution: number;
  readonly #lines: number;
  readonly #checkers: Record<StreamName, StreamChecker>;
  #exits = 0;
  #waited = false;
  #reordered = 0;
  #late = 0;
  #overtook = false;
  #wrongCode = false;
  #failure: string | undefined;
  #naive: NaiveCounts | undefined;

  constructor(execution: number, lines: number) {
    this.#execution = execution;
    this.#lines = lines;
    this.#checkers = {
      stdout: new StreamChecker('stdout', execution, lines),
      stderr: new StreamChecker('stderr', execution, lines),
    };
  }

  data(stream: StreamName, chunk: Uint8Array): void {
    if (this.#waited) this.#overtook = true;
    if (this.#exits > 0) {
      this.#late++;
      this.#reordered++;
    }
    this.#checkers[stream].push(chunk);
  }

  exit(code: number | null): void {
    if (this.#exits++ > 0) this.#reordered++;
    this.#compare(code);
  }

  waited(code: number | null): void {
    if (this.#exits === 0) this.#reordered++;
    this.#waited = true;
    this.#compare(code);
  }

  failed(error: unknown): void {
    this.#failure ??= error instanceof Error ? error.message : String(error);
  }

  /** What the bridge saw beneath: chunks that it had to drop, and the bytes that were there at the raw wait. */
  beneath(lateChunks: number, naive: NaiveCounts | undefined): void {
    this.#late += lateChunks;
    this.#naive = naive;
  }

  /** To be asked when nothing more can come. */
  finding(): ExecutionFinding {
    return {
      stdout: this.#checkers.stdout.finding(),
      stderr: this.#checkers.stderr.finding(),
      reorderedEvents: this.#reordered,
      lateChunks: this.#late,
      waitOvertook: this.#overtook,
      wrongExitCode: this.#wrongCode,
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#naive === undefined ? {} : { naiveLostBytes: this.#missedBy(this.#naive) }),
    };
  }

  #compare(code: number | null): void {
    if (code !== exitCodeOf(this.#execution)) this.#wrongCode = true;
  }

  #missedBy({ stdoutBytes, stderrBytes }: NaiveCounts): number {
    return Math.max(0, 2 * this.#lines * lineBytes - stdoutBytes - stderrBytes);
  }
}
