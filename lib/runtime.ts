import { boxInfo, type BoxInfo } from './box-info.js';
import type { BoxOptions } from './box-options.js';
import { boxOf, type Box } from './box.js';
import { CallSite } from './call-site.js';
import type { EngineInfo } from './engine.js';
import { AlreadyExistsError, InvalidArgumentError } from './error-classes.js';
import { isBoxliteError } from './errors.js';
import { runtimeMetrics, type RuntimeMetrics } from './metrics.js';
import type { NativeBoxOptions } from './native/addon.js';
import { addon } from './native/load.js';
import { checkName, longestGraceMs, OptionReader, readWhole, required } from './options.js';
import { readBoxOptions } from './read-box-options.js';
import { readRuntimeOptions, type RuntimeOptions } from './runtime-options.js';
import { Session } from './session.js';

/**
 * The door to one engine: makes boxes and finds them again.
 *
 * @example
 * await using runtime = await Runtime.open();
 * await using box = await runtime.create();
 * console.log((await box.run('echo', ['hello'])).stdout);
 */
export class Runtime implements AsyncDisposable {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Opens an engine, with the boxes that its home has from before: what ran there is stopped, unless it is detached.
   * Without a `homeDir` the embedded one keeps its boxes in a temporary folder that `close()` removes.
   *
   * @throws InternalError if another runtime has the home, with a message that names its process;
   * UnsupportedEngineError if a library cannot be spoken to; UnsupportedError if the addon cannot be loaded.
   * @example
   * const runtime = await Runtime.open({ engine: 'auto', homeDir: '/var/lib/boxes' });
   */
  static open(options: RuntimeOptions = {}): Promise<Runtime> {
    return new CallSite('runtime.open', Runtime.open).locate(Runtime.#open(options));
  }

  /** Which engine this is and what it can do. */
  get engine(): EngineInfo {
    return this.#session.engine;
  }

  /**
   * Makes a box. It boots with its first command or with `start()`.
   *
   * @throws AlreadyExistsError if the name is taken; UnsupportedError if the engine cannot give what is asked for.
   */
  create(options: BoxOptions = {}): Promise<Box> {
    return new CallSite('runtime.create', this.create).locate(this.#create(options));
  }

  /**
   * The box of that name, or a new one. The options of an existing one are left as they are.
   *
   * @example
   * const { box, created } = await runtime.getOrCreate({ name: 'cache' });
   */
  getOrCreate(options: BoxOptions & { name: string }): Promise<{ box: Box; created: boolean }> {
    return new CallSite('runtime.getOrCreate', this.getOrCreate).locate(this.#getOrCreate(options));
  }

  /**
   * A box by id, by name or by the unambiguous start of its id.
   *
   * @throws NotFoundError if there is none; MetadataError if what is kept of it is damaged, which leaves `remove()`.
   */
  get(idOrName: string): Promise<Box> {
    return new CallSite('runtime.get', this.get).locate(this.#get(idOrName));
  }

  /** As {@link get}, but undefined if there is none. */
  find(idOrName: string): Promise<Box | undefined> {
    return new CallSite('runtime.find', this.find).locate(this.#find(idOrName));
  }

  /** All boxes of this runtime's home. */
  list(): Promise<BoxInfo[]> {
    return new CallSite('runtime.list', this.list).locate(this.#list());
  }

  /**
   * Removes a box for good, by what {@link get} takes.
   *
   * @param options.force - Also if it runs: everything in it is killed.
   * @throws NotFoundError if there is none; InvalidStateError if it runs, without `force`.
   */
  remove(idOrName: string, options?: { force?: boolean }): Promise<void> {
    return new CallSite('runtime.remove', this.remove).locate(this.#remove(idOrName, options));
  }

  /** What the engine has counted since it was opened. */
  metrics(): Promise<RuntimeMetrics> {
    return new CallSite('runtime.metrics', this.metrics).locate(this.#metrics());
  }

  /**
   * Ends executions, stops boxes that are not detached and releases everything. Idempotent; afterwards every
   * operation of the runtime and its boxes rejects with StoppedError.
   *
   * @param options.timeoutMs - Grace in milliseconds for the boxes. Default: the engine's own.
   */
  close(options?: { timeoutMs?: number }): Promise<void> {
    return new CallSite('runtime.close', this.close).locate(this.#close(options));
  }

  /** As {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  static async #open(options: unknown): Promise<Runtime> {
    const native = readRuntimeOptions(options);
    return new Runtime(new Session(await addon().openRuntime(native)));
  }

  async #create(options: unknown): Promise<Box> {
    const session = this.#ready();
    const native = this.#readBox(options);
    try {
      const handle = await session.native.createBox(native);
      return this.#box(session.record(handle, native.name, 'configured'));
    } catch (error) {
      throw await this.#explainTaken(native, error);
    }
  }

  async #getOrCreate(options: unknown): Promise<{ box: Box; created: boolean }> {
    const session = this.#ready();
    const native = this.#readBox(options);
    const name = required(native.name, 'name', 'a string');
    const { box, created } = await session.native.getOrCreateBox(native);
    const status = created ? 'configured' : (await session.native.getInfo(box.id)).status;
    return { box: this.#box(session.record(box, name, status)), created };
  }

  async #get(idOrName: unknown): Promise<Box> {
    const session = this.#ready();
    const wanted = checkName(idOrName, 'idOrName');
    const handle = await session.native.get(wanted);
    try {
      const { name, status } = await session.native.getInfo(handle.id);
      return this.#box(session.record(handle, name, status));
    } catch (error) {
      handle.free();
      throw error;
    }
  }

  async #find(idOrName: unknown): Promise<Box | undefined> {
    try {
      return await this.#get(idOrName);
    } catch (error) {
      if (isBoxliteError(error, 'not_found')) return undefined;
      throw error;
    }
  }

  async #list(): Promise<BoxInfo[]> {
    const { native, engine } = this.#ready();
    return (await native.listInfo()).map((info) => boxInfo(info, engine.isolation));
  }

  async #remove(idOrName: unknown, options: unknown): Promise<void> {
    const session = this.#ready();
    const wanted = checkName(idOrName, 'idOrName');
    const force = readWhole(new OptionReader(options), (read) => read.flag('force')) ?? false;
    const id = await this.#fullId(session, wanted);
    const record = session.known(id);
    await (record ? record.remove(force) : session.native.remove(id, force));
  }

  /** By its full id, the box objects that were handed out learn of a removal. */
  async #fullId(session: Session, wanted: string): Promise<string> {
    try {
      return (await session.native.getInfo(wanted)).id;
    } catch (error) {
      // A damaged record tells nothing, and removing is what is left to do with it; only its full id finds it.
      if (isBoxliteError(error, 'metadata')) return wanted;
      throw error;
    }
  }

  async #metrics(): Promise<RuntimeMetrics> {
    return runtimeMetrics(await this.#ready().native.metrics());
  }

  async #close(options: unknown): Promise<void> {
    const timeoutMs = readWhole(new OptionReader(options), (read) =>
      read.milliseconds('timeoutMs', 'zero allowed'),
    );
    await this.#session.close(
      timeoutMs === undefined ? undefined : Math.min(Math.ceil(timeoutMs), longestGraceMs),
    );
  }

  #ready(): Session {
    this.#session.check();
    return this.#session;
  }

  #box(record: Parameters<typeof boxOf>[0]): Box {
    return boxOf(record, this.engine.isolation);
  }

  #readBox(options: unknown): NativeBoxOptions {
    const kind = this.engine.kind === 'library' ? 'library' : 'embedded';
    return readBoxOptions(options, kind);
  }

  /** Locally a taken name is "invalid argument", from a server "already exists": callers see the latter. */
  async #explainTaken({ name }: NativeBoxOptions, error: unknown): Promise<unknown> {
    if (name === undefined || !(error instanceof InvalidArgumentError)) return error;
    try {
      const holder = await this.#session.native.getInfo(name);
      if (holder.name !== name) return error;
      return new AlreadyExistsError(`the name "${name}" is taken by box ${holder.id}`, { cause: error });
    } catch {
      return error;
    }
  }
}
