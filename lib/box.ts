import { AbortError } from './call-errors.js';
import { boxInfo, type BoxInfo } from './box-info.js';
import type { BoxRecord } from './box-record.js';
import { CallSite } from './call-site.js';
import { readCopy, type CopyOptions } from './copy-options.js';
import type { EngineInfo } from './engine.js';
import { isBoxliteError } from './errors.js';
import type { ExecOptions, RunOptions } from './exec-options.js';
import { newExecution, type Execution } from './execution.js';
import { boxMetrics, type BoxMetrics } from './metrics.js';
import type { NativeExecution } from './native/addon.js';
import { OptionReader, readWhole } from './options.js';
import { readCommand, readRun, type CommandPlan } from './read-exec-options.js';
import { runToEnd, type RunResult } from './run.js';

let construct: (record: BoxRecord, isolation: EngineInfo['isolation']) => Box;

/**
 * A place where commands run. It stays until somebody removes it, unless it was made with `autoRemove`.
 *
 * @example
 * await using box = await runtime.create({ name: 'job' });
 * const { stdout } = await box.run('uname', ['-a']);
 */
export class Box implements AsyncDisposable {
  static {
    construct = (record, isolation) => new Box(record, isolation);
  }

  readonly #record: BoxRecord;
  readonly #isolation: EngineInfo['isolation'];

  private constructor(record: BoxRecord, isolation: EngineInfo['isolation']) {
    this.#record = record;
    this.#isolation = isolation;
  }

  /** The engine's id; never changes. */
  get id(): string {
    return this.#record.id;
  }

  /** The name it was made with. */
  get name(): string | undefined {
    return this.#record.name;
  }

  /**
   * Starts a command. A box that was never started boots first. Resolves when the process runs.
   *
   * @param command - A program, looked up in the box's PATH; no shell.
   * @param args - Its arguments, without its own name.
   * @throws ExecutionError if the program or the working directory does not exist or may not be used; StoppedError if
   * the box is stopped; NotFoundError if it was removed; AbortError if `signal` aborted it.
   * @example
   * const execution = await box.exec('sh', ['-c', 'echo hello; exit 3'], { timeoutMs: 5000 });
   */
  exec(command: string, args: readonly string[] = [], options: ExecOptions = {}): Promise<Execution> {
    return new CallSite('box.exec', this.exec).locate(this.#exec(command, args, options));
  }

  /**
   * Runs a command to its end and collects what it writes.
   *
   * @throws CommandFailedError with `check`, unless the exit code is 0; what `onStdout` or `onStderr` threw; and what
   * {@link exec} and {@link Execution.wait} reject with.
   * @example
   * const { exitCode, stdout } = await box.run('cat', [], { stdin: 'hello' });
   */
  run(
    command: string,
    args: readonly string[] | undefined,
    options: RunOptions & { encoding: 'buffer' },
  ): Promise<RunResult & { stdout: Buffer; stderr: Buffer }>;
  run(
    command: string,
    args?: readonly string[],
    options?: RunOptions & { encoding?: 'utf8' },
  ): Promise<RunResult & { stdout: string; stderr: string }>;
  run(command: string, args?: readonly string[], options?: RunOptions): Promise<RunResult>;
  run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> {
    return new CallSite('box.run', this.run).locate(this.#run(command, args, options));
  }

  /**
   * Boots the box. Does nothing if it runs; after `stop()` it works on this same object.
   *
   * @throws NotFoundError if it was removed.
   */
  start(): Promise<void> {
    return new CallSite('box.start', this.start).locate(this.#record.start());
  }

  /**
   * Stops the box and everything that runs in it. Resolves when it is down; a stopped box stays stopped.
   *
   * Pending `wait()` calls of its executions are answered, by their status or by StoppedError.
   *
   * @param options.timeoutMs - Grace in milliseconds before its executions are killed; 0 kills at once. Default: the
   * engine's own grace.
   * @throws NotFoundError if it was removed.
   */
  stop(options?: { timeoutMs?: number }): Promise<void> {
    return new CallSite('box.stop', this.stop).locate(this.#stop(options));
  }

  /**
   * Removes the box for good.
   *
   * @param options.force - Also if it runs: everything in it is killed.
   * @throws InvalidStateError if it runs, without `force`; NotFoundError if it is gone already.
   */
  remove(options?: { force?: boolean }): Promise<void> {
    return new CallSite('box.remove', this.remove).locate(this.#remove(options));
  }

  /**
   * What the engine tells of it now. Never boots it.
   *
   * @throws NotFoundError if it was removed.
   */
  info(): Promise<BoxInfo> {
    return new CallSite('box.info', this.info).locate(this.#info());
  }

  /**
   * What the box has used. Never boots it.
   *
   * @throws StoppedError if it is stopped; NotFoundError if it was removed.
   */
  metrics(): Promise<BoxMetrics> {
    return new CallSite('box.metrics', this.metrics).locate(this.#metrics());
  }

  /**
   * Copies a file, or the contents of a directory, from the host into the box. A box that was never started boots
   * first. Directories that are missing are made, permission bits are kept, symbolic links are copied as links.
   *
   * A failed copy leaves nothing behind; one that is given up because the box stops is StoppedError.
   *
   * @param hostPath - Of the host; relative to the working directory of this process.
   * @param boxPath - For a file: its new path, or, if that ends in '/' or is a directory, the directory it goes into
   * under its own name. For a directory: where its contents are merged. Relative to the box's working directory.
   * @throws NotFoundError if there is no such file or no such box; AlreadyExistsError with `overwrite: false`;
   * InvalidStateError if a file stands where a directory goes or the other way round; UnsupportedError for fifos,
   * sockets and devices, which are neither copied nor replaced; StoppedError if the box is stopped.
   * @example
   * await box.copyIn('./src', '/work');
   * await box.run('make', [], { workingDir: '/work' });
   */
  copyIn(hostPath: string, boxPath: string, options?: CopyOptions): Promise<void> {
    return new CallSite('box.copyIn', this.copyIn).locate(this.#copyIn(hostPath, boxPath, options));
  }

  /**
   * Copies a file, or the contents of a directory, out of the box; otherwise as {@link copyIn}.
   *
   * @example
   * await box.copyOut('/work/build', './build');
   */
  copyOut(boxPath: string, hostPath: string, options?: CopyOptions): Promise<void> {
    return new CallSite('box.copyOut', this.copyOut).locate(this.#copyOut(boxPath, hostPath, options));
  }

  /** Stops and removes it; one that is gone already is fine. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#dispose();
  }

  async #exec(command: unknown, args: unknown, options: unknown): Promise<Execution> {
    const plan = readCommand(command, args, options);
    return newExecution(await this.#begin(plan), plan, this.#record.running);
  }

  async #run(command: unknown, args: unknown, options: unknown): Promise<RunResult> {
    const plan = readRun(command, args, options);
    const native = await this.#begin(plan);
    return runToEnd(native, newExecution(native, plan, this.#record.running), plan);
  }

  /** Starts the process, unless the caller has given it up by then. */
  async #begin(plan: CommandPlan): Promise<NativeExecution> {
    refuseAborted(plan.signal);
    const native = await this.#record.exec(plan.native);
    if (plan.signal?.aborted) await native.close();
    refuseAborted(plan.signal);
    return native;
  }

  async #stop(options: unknown): Promise<void> {
    const timeoutMs = readWhole(new OptionReader(options), (read) =>
      read.milliseconds('timeoutMs', 'zero allowed'),
    );
    await this.#record.stop(timeoutMs);
  }

  async #remove(options: unknown): Promise<void> {
    const force = readWhole(new OptionReader(options), (read) => read.flag('force')) ?? false;
    await this.#record.remove(force);
  }

  async #info(): Promise<BoxInfo> {
    return boxInfo(await this.#record.info(), this.#isolation);
  }

  async #metrics(): Promise<BoxMetrics> {
    return boxMetrics(await this.#record.metrics(), this.#isolation);
  }

  async #copyIn(hostPath: unknown, boxPath: unknown, options: unknown): Promise<void> {
    const plan = readCopy(hostPath, boxPath, options);
    await this.#record.use((box) => box.copyIn(plan.hostPath, plan.boxPath, plan.native));
  }

  async #copyOut(boxPath: unknown, hostPath: unknown, options: unknown): Promise<void> {
    const plan = readCopy(hostPath, boxPath, options);
    await this.#record.use((box) => box.copyOut(plan.boxPath, plan.hostPath, plan.native));
  }

  async #dispose(): Promise<void> {
    try {
      await this.#record.stop(undefined);
      await this.#record.remove(false);
    } catch (error) {
      if (!isBoxliteError(error, 'not_found') && !this.#record.isClosed) throw error;
    }
  }
}

/** The public face of a record. */
export function boxOf(record: BoxRecord, isolation: EngineInfo['isolation']): Box {
  return construct(record, isolation);
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason as unknown });
}
