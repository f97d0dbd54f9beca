import { boxStatus } from './box-info.js';
import { InvalidStateError, NotFoundError, StoppedError } from './error-classes.js';
import { isBoxliteError } from './errors.js';
import type { Execution } from './execution.js';
import { nothingUsed } from './metrics.js';
import type {
  NativeBox,
  NativeBoxInfo,
  NativeBoxMetrics,
  NativeCommand,
  NativeExecution,
} from './native/addon.js';
import { longestGraceMs } from './options.js';
import type { Session } from './session.js';

/** Where a box is, as far as this runtime can know without asking. */
type Phase = 'configured' | 'running' | 'stopped' | 'removed';

/**
 * What all `Box` objects of one id share: the engine's handle and what is known of the box. A stop through one of them
 * is seen by the others, and the handle lives as long as the box needs it, not as long as one of the objects.
 */
export class BoxRecord {
  readonly id: string;
  readonly name: string | undefined;
  /** What runs in it and was started here. */
  readonly running = new Set<Execution>();
  readonly #session: Session;
  #handle: NativeBox;
  #phase: Phase;
  #starting: Promise<void> | undefined;

  constructor(session: Session, handle: NativeBox, name: string | undefined, status: string) {
    this.id = handle.id;
    this.name = name;
    this.#session = session;
    this.#handle = handle;
    this.#phase = phaseOf(status);
  }

  get isClosed(): boolean {
    return this.#session.closed;
  }

  /** Another handle to the same box was fetched: keeps one of the two. */
  adopt(handle: NativeBox, status: string): void {
    const phase = phaseOf(status);
    if (this.#phase !== 'stopped' || phase === 'stopped') return handle.free();
    // Stopped here before and running now: somebody else has started it, and our handle is spent.
    this.#replace(handle);
    this.#phase = phase === 'running' ? 'running' : 'stopped';
  }

  exec(command: NativeCommand): Promise<NativeExecution> {
    return this.use((box) => box.exec(command));
  }

  /** Does something that needs the box to run, with its handle; one that was never started boots first. */
  async use<T>(action: (box: NativeBox) => Promise<T>): Promise<T> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    // Not left to the engine: with a fresh handle it would boot a stopped box.
    if (this.#phase === 'stopped') throw await this.#explain(this.#stopped());
    try {
      const result = await this.#boot(action);
      if (this.#phase === 'configured') this.#phase = 'running';
      return result;
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  /** Several calls at once are one start. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start().finally(() => (this.#starting = undefined)));
  }

  async stop(timeoutMs: number | undefined): Promise<void> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    await this.#starting?.catch(() => undefined);
    if (this.#phase === 'stopped') return this.#confirm();
    const grace = timeoutMs === undefined ? undefined : Math.min(timeoutMs, longestGraceMs);
    const timer = grace === undefined ? undefined : setTimeout(() => this.#killAll(), grace);
    try {
      await this.#handle.stop();
      this.#phase = 'stopped';
    } catch (error) {
      const reason = await this.#explain(error);
      // A spent handle: the box had stopped by itself.
      if (!isBoxliteError(reason, 'stopped') || this.#session.closed) throw reason;
    } finally {
      clearTimeout(timer);
    }
  }

  async info(): Promise<NativeBoxInfo> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    try {
      return await this.#session.native.getInfo(this.id);
    } catch (error) {
      if (isBoxliteError(error, 'not_found')) this.forget();
      throw error;
    }
  }

  async metrics(): Promise<NativeBoxMetrics> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    // A libboxlite would boot the box in order to measure it.
    const asksFirst = this.#session.engine.kind === 'library' && this.#phase !== 'stopped';
    const phase = asksFirst ? phaseOf((await this.info()).status) : this.#phase;
    if (phase === 'stopped') throw await this.#explain(this.#stopped());
    if (asksFirst && phase === 'configured') return nothingUsed;
    try {
      return await this.#handle.metrics();
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  async remove(force: boolean): Promise<void> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    try {
      await this.#session.native.remove(this.id, force);
    } catch (error) {
      if (isBoxliteError(error, 'not_found')) this.forget();
      throw error;
    }
    this.forget();
  }

  /** The box is gone. */
  forget(): void {
    this.#phase = 'removed';
    this.#session.drop(this);
    this.#handle.free();
  }

  /** The runtime closes: gives the handle back. */
  release(): void {
    this.#handle.free();
  }

  /** Starts the box before an action, where the engine does not or must not do that within it. */
  async #boot<T>(action: (box: NativeBox) => Promise<T>): Promise<T> {
    if (this.#phase !== 'configured') return action(this.#handle);
    // A libboxlite would boot inside exec and hold one of the few threads that may block for minutes.
    if (this.#session.engine.kind === 'library') {
      await this.start();
      return action(this.#handle);
    }
    try {
      return await action(this.#handle);
    } catch (error) {
      // A box with a main command of its own does not boot for another one.
      if (!(error instanceof InvalidStateError)) throw error;
      await this.start();
      return action(this.#handle);
    }
  }

  async #start(): Promise<void> {
    this.#session.check();
    if (this.#phase === 'removed') throw this.#removed();
    try {
      if (this.#phase === 'stopped') await this.#refresh();
      await this.#startHandle();
      this.#phase = 'running';
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  async #startHandle(): Promise<void> {
    try {
      await this.#handle.start();
    } catch (error) {
      // Spent without our doing: the box had stopped by itself.
      if (!(error instanceof StoppedError) || this.#session.closed) throw error;
      await this.#refresh();
      await this.#handle.start();
    }
  }

  /** A stop spends the engine's handle for ever; the box itself can be had again. */
  async #refresh(): Promise<void> {
    this.#replace(await this.#session.native.get(this.id));
  }

  #replace(handle: NativeBox): void {
    this.#handle.free();
    this.#handle = handle;
  }

  /** Resolves if the box is still there. */
  async #confirm(): Promise<void> {
    await this.info();
  }

  /**
   * What a failure means: a spent handle says "stopped" also of a box that was removed, so the runtime is asked.
   * Remembers what it learns.
   */
  async #explain(error: unknown): Promise<unknown> {
    if (this.#session.closed) return error;
    if (isBoxliteError(error, 'not_found')) return this.#checkGone(error);
    if (!isBoxliteError(error, 'stopped')) return error;
    this.#phase = 'stopped';
    return this.#checkGone(error);
  }

  async #checkGone(error: unknown): Promise<unknown> {
    try {
      await this.#session.native.getInfo(this.id);
      return error;
    } catch (reason) {
      if (!isBoxliteError(reason, 'not_found')) return error;
      this.forget();
      return this.#removed(error);
    }
  }

  #killAll(): void {
    for (const execution of this.running) execution.kill().catch(() => undefined);
  }

  #removed(cause?: unknown): NotFoundError {
    return new NotFoundError(`${this.#label()} was removed`, { cause });
  }

  #stopped(): StoppedError {
    return new StoppedError(`${this.#label()} is stopped; start() it first`);
  }

  #label(): string {
    return this.name === undefined ? `box ${this.id}` : `box "${this.name}" (${this.id})`;
  }
}

function phaseOf(status: string): Phase {
  const known = boxStatus(status);
  return known === 'configured' || known === 'stopped' ? known : known === 'failed' ? 'stopped' : 'running';
}
