import {
  InvalidStateError,
  isBoxliteError,
  NotFoundError,
  type Box,
  type BoxInfo,
  type BoxOptions,
  type Runtime,
} from 'boxlite-ffi';
import type { Clock } from '../clock.js';
import type { Doom } from '../exec/execution-end.js';
import type { ExecutionRegistry } from '../exec/registry.js';
import { BoxMeter } from '../metrics/box-meter.js';
import { boxBody, type BoxBody } from './box-body.js';

/** What an id or a name may look like; anything else is the name of nothing. */
const keyPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** What is being done to a box right now. */
interface Change {
  kind: 'stopping' | 'removing';
  done: Promise<void>;
}

/** The boxes of the runtime as the wire shows them, with what only the runner knows of them. */
export class BoxDirectory {
  /** How many stops were asked for and done. */
  stopped = 0;
  /** What boxes have used. */
  readonly meter = new BoxMeter();

  readonly #runtime: Runtime;
  readonly #registry: ExecutionRegistry;
  readonly #clock: Clock;
  readonly #changes = new Map<string, Change>();
  /** The status that was seen last, and since when. */
  readonly #seen = new Map<string, { status: string; since: number }>();

  constructor(runtime: Runtime, registry: ExecutionRegistry, clock: Clock) {
    this.#runtime = runtime;
    this.#registry = registry;
    this.#clock = clock;
  }

  /**
   * A box by id or name; the start of an id, which the runtime would take as well, is neither.
   *
   * @throws NotFoundError if there is none.
   */
  async find(key: string): Promise<Box> {
    if (!keyPattern.test(key)) throw notFound(key);
    const box = await this.#runtime.find(key);
    if (box && (box.id === key || box.name === key)) return box;
    const named = box && (await this.#runtime.list()).find(({ name }) => name === key);
    if (named === undefined) throw notFound(key);
    return this.#runtime.get(named.id);
  }

  async create(options: BoxOptions): Promise<BoxBody> {
    return this.describe(await this.#runtime.create(options));
  }

  async describe(box: Box): Promise<BoxBody> {
    return this.#body(await box.info());
  }

  /** All of them, oldest first. */
  async list(): Promise<BoxBody[]> {
    const infos = await this.#runtime.list();
    const ids = new Set(infos.map(({ id }) => id));
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
    return infos.map((info) => this.#body(info));
  }

  async start(box: Box): Promise<BoxBody> {
    this.#refuseChanging(box, 'start');
    await box.start();
    return this.describe(box);
  }

  /** Stops it; a stop that is under way already is waited for. */
  async stop(box: Box, timeoutMs: number): Promise<BoxBody> {
    const before = await this.describe(box);
    const change = this.#changes.get(box.id);
    if (change) await change.done.catch(() => undefined);
    else await this.#change(box, 'stopping', 'its box was stopped', () => this.#stop(box, timeoutMs));
    try {
      return await this.describe(box);
    } catch (error) {
      // It was made to go when it stops; the stop is answered with the box all the same.
      if (isBoxliteError(error, 'not_found') && change?.kind !== 'removing')
        return { ...before, status: 'stopped', pid: null };
      throw error;
    }
  }

  /** Removes it. Resolves when it is gone. */
  async remove(box: Box, force: boolean): Promise<void> {
    const change = this.#changes.get(box.id);
    if (change?.kind === 'stopping' && !force) throw new InvalidStateError(`box ${box.id} is stopping`);
    await this.#change(box, 'removing', 'its box was removed', () => box.remove({ force }));
    this.#seen.delete(box.id);
    this.meter.forget(box.id);
    this.#registry.evictBox(box.id);
  }

  /** @throws InvalidStateError if it is being stopped; NotFoundError if it is being removed. */
  refuseChanging(box: Box): void {
    this.#refuseChanging(box, 'run a command');
  }

  /** What a refused command means: a box that cannot run one may be in other states than stopped. */
  async explainRefusal(box: Box, error: unknown): Promise<unknown> {
    if (!isBoxliteError(error, 'stopped') && !isBoxliteError(error, 'invalid_state')) return error;
    const change = this.#changes.get(box.id);
    // A removal that is under way decides what became of the box.
    if (change?.kind === 'removing') await change.done.catch(() => undefined);
    try {
      const { status } = await box.info();
      if (isBoxliteError(error, 'invalid_state') || status === 'stopped' || status === 'unknown')
        return error;
      return new InvalidStateError(`box ${box.id} is ${status} and cannot run a command`, { cause: error });
    } catch (reason) {
      return isBoxliteError(reason, 'not_found') ? reason : error;
    }
  }

  async #stop(box: Box, timeoutMs: number): Promise<void> {
    await this.meter.remember(box);
    await box.stop({ timeoutMs });
    this.stopped++;
  }

  #refuseChanging(box: Box, what: string): void {
    const change = this.#changes.get(box.id);
    if (change?.kind === 'removing') throw notFound(box.id);
    if (change) throw new InvalidStateError(`box ${box.id} is stopping and cannot ${what}`);
  }

  async #change(box: Box, kind: Change['kind'], message: string, work: () => Promise<void>): Promise<void> {
    const doom: Doom = { by: 'box', message };
    this.#registry.doom(box.id, doom);
    const change = { kind, done: work() };
    this.#changes.set(box.id, change);
    try {
      await change.done;
    } catch (error) {
      this.#registry.spare(box.id, doom);
      throw error;
    } finally {
      if (this.#changes.get(box.id) === change) this.#changes.delete(box.id);
    }
  }

  #body(info: BoxInfo): BoxBody {
    const status = this.#changes.get(info.id)?.kind === 'stopping' ? 'stopping' : info.status;
    const seen = this.#seen.get(info.id);
    let since = seen?.since ?? Math.max(info.createdAt.getTime(), info.startedAt?.getTime() ?? 0);
    if (seen && seen.status !== status) since = Math.max(this.#clock.now(), since);
    if (seen?.status !== status) this.#seen.set(info.id, { status, since });
    return boxBody({ ...info, status }, since);
  }
}

function notFound(key: string): NotFoundError {
  return new NotFoundError(`there is no box '${key.slice(0, 128)}'`);
}
