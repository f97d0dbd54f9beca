import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { AbortError } from './call-errors.js';
import { CallSite } from './call-site.js';
import type { TerminalSize } from './exec-options.js';
import type { ExecutionEvents } from './execution-events.js';
import { ExecutionStreams } from './execution-streams.js';
import { ExitGate } from './exit-gate.js';
import { endOf, exitStatus, type ExitStatus } from './exit-status.js';
import type { NativeExecution, NativeExit } from './native/addon.js';
import { OptionReader, readWhole } from './options.js';
import { Outcome } from './outcome.js';
import type { OutputChunk } from './readers.js';
import { readTerminalSize, type CommandPlan } from './read-exec-options.js';
import { sendSignal } from './send-signal.js';
import { signalNumber } from './signals.js';
import { feedStdin, type Feed } from './stdin-feed.js';

/** What the rest of this package may do with an execution and its users may not. */
interface Internals {
  construct(native: NativeExecution, plan: CommandPlan, running: Set<Execution>): Execution;
  fail(execution: Execution, error: unknown): void;
  outcome(execution: Execution): Promise<ExitStatus>;
  close(execution: Execution): Promise<void>;
  native(execution: Execution): NativeExecution;
}

let internals: Internals;

/**
 * A command that runs in a box.
 *
 * For every stream that somebody reads: all `data` comes before `exit`, and `exit` before any `wait()` resolves, also
 * where the reader is slower than the process. A stream that nobody reads holds nothing up and can be read later.
 *
 * @example
 * const execution = await box.exec('ls', ['-l']);
 * for await (const line of execution.lines()) console.log(line);
 * const { exitCode } = await execution.wait();
 */
export class Execution extends EventEmitter<ExecutionEvents> implements AsyncDisposable {
  static {
    internals = {
      construct: (native, plan, running) => new Execution(native, plan, running),
      fail: (execution, error) => execution.#fail(error),
      outcome: (execution) => execution.#outcome.wait(),
      close: (execution) => (execution.#closing ??= execution.#close()),
      native: (execution) => execution.#native,
    };
  }

  /** The engine's id of this execution. */
  readonly id: string;

  readonly #native: NativeExecution;
  readonly #plan: CommandPlan;
  readonly #running: Set<Execution>;
  readonly #gate = new ExitGate((exit) => this.#onExit(exit));
  readonly #streams: ExecutionStreams;
  readonly #outcome = new Outcome<ExitStatus>();
  readonly #feed: Feed | undefined;
  /** Why we killed it, where `wait()` is to say so. */
  #failure: { error: unknown } | undefined;
  /** Somebody was told the end already: nothing can be the reason of another one. */
  #gone = false;
  #closing: Promise<void> | undefined;

  private constructor(native: NativeExecution, plan: CommandPlan, running: Set<Execution>) {
    super();
    this.id = native.id;
    this.#native = native;
    this.#plan = plan;
    this.#running = running;
    this.#streams = new ExecutionStreams(native, plan, this.#gate);
    running.add(this);
    native.onExit(this.#gate.arrive);
    plan.signal?.addEventListener('abort', this.#abort);
    if (plan.signal?.aborted) this.#abort();
    if (plan.stdin !== 'pipe' && plan.stdin !== 'ignore') {
      this.#feed = feedStdin(native, plan.stdin, (error) => this.#fail(error));
    }
  }

  /**
   * What the command reads. Destroyed at once with `stdin: 'ignore'`, and with a given source, which it then belongs
   * to. A write after the process has gone emits `error`, with the engine's typed error.
   */
  get stdin(): Writable {
    return this.#streams.stdin;
  }

  /**
   * What it writes to standard output, as bytes; `setEncoding` works. Whoever reads it while the runtime is closed gets
   * a StoppedError, unless nobody listens for `error`: then it closes without `end`.
   */
  get stdout(): Readable {
    return this.#streams.stdout;
  }

  /** What it writes to standard error, as bytes. Ends at once with a terminal. */
  get stderr(): Readable {
    return this.#streams.stderr;
  }

  /**
   * The lines of one stream, without their ends (`\n` or `\r\n`), decoded as UTF-8.
   *
   * Leaving the loop early discards the rest of the stream. Rejects with InvalidStateError if the stream has a reader,
   * and with StoppedError if the runtime is closed before all was read.
   *
   * @example
   * for await (const line of execution.lines('stderr')) console.error(line);
   */
  lines(from: 'stdout' | 'stderr' = 'stdout'): AsyncIterableIterator<string> {
    return this.#streams.lines(from);
  }

  /**
   * Both streams, piece by piece in order of arrival.
   *
   * Leaving the loop early discards the rest. Rejects with InvalidStateError if one of the streams has a reader, and
   * with StoppedError if the runtime is closed before all was read.
   *
   * @example
   * for await (const { stream, data } of execution.output()) process[stream].write(data);
   */
  output(): AsyncIterableIterator<OutputChunk> {
    return this.#streams.chunks();
  }

  /**
   * Resolves with how the process ended, whatever its exit code, after the last byte was read and after `exit`.
   * May be asked any number of times, also after the end.
   *
   * @param options.drain - false: resolves as soon as the process is gone and its bytes are kept, whoever reads.
   * @throws AbortError if its signal aborted it; StoppedError, ResourceExhaustedError and others of the engine if the
   * end of the process could not be learned.
   */
  wait(options?: { drain?: boolean }): Promise<ExitStatus> {
    return new CallSite('execution.wait', this.wait).locate(this.#wait(options));
  }

  /**
   * Sends a signal to the whole process group. Resolves when it was sent; after the end it does nothing.
   *
   * @param signal - A name as `'SIGTERM'` or a number from 1 to 64. Default `'SIGKILL'`.
   */
  kill(signal: NodeJS.Signals | number = 'SIGKILL'): Promise<void> {
    return new CallSite('execution.kill', this.kill).locate(this.#kill(signal));
  }

  /**
   * Changes the size of its terminal, in characters; after the end it does nothing.
   *
   * @throws InvalidStateError or another of the engine's errors if it has no terminal.
   */
  resize(size: TerminalSize): Promise<void> {
    return new CallSite('execution.resize', this.resize).locate(this.#resize(size));
  }

  /** Kills it if it runs, destroys its streams, releases everything. Idempotent. */
  close(): Promise<void> {
    return (this.#closing ??= new CallSite('execution.close', this.close).locate(this.#close()));
  }

  /** Lets the execution keep the event loop alive again, as it does at first. */
  ref(): this {
    this.#native.ref();
    return this;
  }

  /** Lets the program end although this still runs. */
  unref(): this {
    this.#native.unref();
    return this;
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #wait(options: unknown): Promise<ExitStatus> {
    const drain = readWhole(new OptionReader(options), (read) => read.flag('drain')) ?? true;
    if (drain || this.#outcome.known) return this.#outcome.wait();
    const exit = await this.#native.wait(false);
    if (this.#failure) throw this.#failure.error;
    this.#gone = true;
    if (exit.error) throw exit.error;
    return exitStatus(exit);
  }

  async #kill(signal: unknown): Promise<void> {
    const number = signalNumber(signal);
    if (!this.#gate.told) await sendSignal(this.#native, number);
  }

  async #resize(size: unknown): Promise<void> {
    const { cols, rows } = readTerminalSize(size, 'size');
    if (this.#gate.told || this.#native.exited) return;
    await this.#native.resize(cols, rows);
  }

  async #close(): Promise<void> {
    this.#streams.destroy();
    this.#feed?.stop();
    if (!this.#native.released) await this.#native.close();
    for (const stream of [1, 2] as const) this.#native.leave(stream);
    if (!this.#gate.told) this.#gate.arrive(await endOf(this.#native));
    this.#gate.force();
  }

  readonly #abort = (): void => {
    this.#fail(new AbortError(undefined, { cause: this.#plan.signal?.reason as unknown }));
  };

  /** Ends it; `wait()` rejects with this error. The first one counts. */
  #fail(error: unknown): void {
    if (this.#failure || this.#gone || this.#gate.told) return;
    this.#failure = { error };
    this.#native.kill().catch(ignore);
  }

  #onExit(exit: NativeExit): void {
    this.#running.delete(this);
    this.#plan.signal?.removeEventListener('abort', this.#abort);
    this.#feed?.stop();
    this.#streams.endStdin();
    const status = exit.error ? undefined : exitStatus(exit);
    try {
      if (status) this.emit('exit', status);
    } finally {
      // Also after a listener that throws: somebody else may be waiting.
      if (this.#failure) this.#outcome.reject(this.#failure.error);
      else if (status) this.#outcome.resolve(status);
      else this.#outcome.reject(exit.error);
      // A turn later, so that those who wait() hear of the end before.
      this.#streams.whenClosed(() => setImmediate(() => this.emit('close')));
    }
  }
}

/** Wraps what the addon returned for a command; `running` holds it as long as it runs. */
export function newExecution(native: NativeExecution, plan: CommandPlan, running: Set<Execution>): Execution {
  return internals.construct(native, plan, running);
}

/** Kills an execution for a failure on this side, which its `wait()` then rejects with. */
export function failExecution(execution: Execution, error: unknown): void {
  internals.fail(execution, error);
}

/** As `wait()`, but a failure is left for the caller to locate. */
export function outcomeOf(execution: Execution): Promise<ExitStatus> {
  return internals.outcome(execution);
}

/** As `close()`, but a failure is left for the caller to locate. */
export function closeExecution(execution: Execution): Promise<void> {
  return internals.close(execution);
}

/** The addon's object beneath, for those who measure it. */
export function nativeOf(execution: Execution): NativeExecution {
  return internals.native(execution);
}

function ignore(): void {
  // What is asked of a process that may be gone already.
}
