import { InvalidStateError, ResourceExhaustedError, SessionReapedError } from 'boxlite-ffi';
import { HttpError } from '../http/http-error.js';
import type { Doom } from './execution-end.js';
import type { ExecutionRecord } from './execution-record.js';

/** How many reaped executions are remembered. */
const maxTombstones = 10_000;

/** The place of the one client that an execution may have. */
export interface Slot {
  /** Whether its holder has been silent for so long that another one may have it. */
  stale(): boolean;
  /** Sends the holder away. */
  drop(): void;
}

/** All executions that can be asked for, by id. They outlive the sockets of their clients. */
export class ExecutionRegistry {
  readonly #records = new Map<string, ExecutionRecord>();
  readonly #slots = new Map<ExecutionRecord, Slot>();
  /** Ids of reaped executions and their boxes. */
  readonly #tombstones = new Map<string, string>();
  /** Executions that are being started, by box. */
  readonly #starting = new Map<string, number>();
  readonly #perBox: number;
  #total = 0;

  constructor(perBox: number) {
    this.#perBox = perBox;
  }

  get records(): Iterable<ExecutionRecord> {
    return this.#records.values();
  }

  /** How many executions were ever started. */
  get total(): number {
    return this.#total;
  }

  /** How many run now. */
  get running(): number {
    return [...this.#records.values()].filter((record) => !record.end).length;
  }

  /**
   * Starts an execution with a place kept for it.
   *
   * @throws ResourceExhaustedError if the box has as many as it may have.
   */
  async start(boxId: string, start: () => Promise<ExecutionRecord>): Promise<ExecutionRecord> {
    const starting = this.#starting.get(boxId) ?? 0;
    if (starting + this.#running(boxId) >= this.#perBox) {
      throw new ResourceExhaustedError(
        `box ${boxId} has ${this.#perBox} executions already, which is the most`,
      );
    }
    this.#starting.set(boxId, starting + 1);
    try {
      const record = await start();
      this.#records.set(record.id, record);
      this.#total++;
      return record;
    } finally {
      const left = (this.#starting.get(boxId) ?? 1) - 1;
      if (left > 0) this.#starting.set(boxId, left);
      else this.#starting.delete(boxId);
    }
  }

  /**
   * An execution of a box.
   *
   * @throws HttpError 404, also if it belongs to another box: its id must not be confirmable.
   */
  get(boxId: string, id: string): ExecutionRecord {
    const record = this.#records.get(id);
    if (record?.boxId === boxId) return record;
    throw HttpError.notFound(`box ${boxId} has no execution ${id}`);
  }

  /** As {@link get}, but one that was reaped says so. */
  getAttachable(boxId: string, id: string): ExecutionRecord {
    if (this.#tombstones.get(id) === boxId && !this.#records.has(id)) {
      throw new SessionReapedError(`execution ${id} was ended because no client was attached`);
    }
    return this.get(boxId, id);
  }

  ofBox(boxId: string): ExecutionRecord[] {
    return [...this.#records.values()].filter((record) => record.boxId === boxId);
  }

  /**
   * Takes the place of the client.
   *
   * @throws InvalidStateError if somebody has it.
   */
  claim(record: ExecutionRecord, slot: Slot): void {
    const holder = this.#slots.get(record);
    if (holder && !holder.stale()) {
      throw new InvalidStateError(`execution ${record.id} has a client attached already`);
    }
    this.#slots.set(record, slot);
    holder?.drop();
  }

  /** Gives the place back. */
  release(record: ExecutionRecord, slot: Slot): void {
    if (this.#slots.get(record) === slot) this.#slots.delete(record);
  }

  /** Whether a client has the place, attached or about to be. */
  isClaimed(record: ExecutionRecord): boolean {
    return this.#slots.has(record);
  }

  /** Announces the end of all that runs in a box, so that it is told why it ended. */
  doom(boxId: string, doom: Doom): void {
    for (const record of this.ofBox(boxId)) record.doom(doom);
  }

  spare(boxId: string, doom: Doom): void {
    for (const record of this.ofBox(boxId)) record.spare(doom);
  }

  /** Forgets an execution. A client that is attached is served to the end before its output goes. */
  evict(record: ExecutionRecord, tombstone: 'tombstone' | 'no tombstone' = 'no tombstone'): void {
    this.#records.delete(record.id);
    if (tombstone === 'tombstone') this.#bury(record);
    if (!this.#slots.has(record)) void record.dispose();
  }

  /** The box is gone, and with it its executions, once their clients have been served. */
  evictBox(boxId: string): void {
    for (const record of this.ofBox(boxId)) this.evict(record);
  }

  isEvicted(record: ExecutionRecord): boolean {
    return this.#records.get(record.id) !== record;
  }

  #running(boxId: string): number {
    return this.ofBox(boxId).filter((record) => !record.end).length;
  }

  #bury({ id, boxId }: ExecutionRecord): void {
    this.#tombstones.set(id, boxId);
    for (const oldest of this.#tombstones.keys()) {
      if (this.#tombstones.size <= maxTombstones) break;
      this.#tombstones.delete(oldest);
    }
  }
}
