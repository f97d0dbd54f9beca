import { BoxRecord } from './box-record.js';
import { engineInfo, type EngineInfo } from './engine.js';
import { StoppedError } from './error-classes.js';
import type { NativeBox, NativeRuntime } from './native/addon.js';

/** What one open runtime and its boxes share. */
export class Session {
  readonly native: NativeRuntime;
  readonly engine: EngineInfo;
  readonly #records = new Map<string, BoxRecord>();
  #closing: Promise<void> | undefined;

  constructor(native: NativeRuntime) {
    this.native = native;
    this.engine = engineInfo(native.engine);
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** @throws StoppedError after `close()`, whatever the engine would say. */
  check(): void {
    if (this.closed) throw new StoppedError('the runtime is closed');
  }

  /** The record of a box whose handle was just fetched, which then belongs to the record. */
  record(handle: NativeBox, name: string | undefined, status: string): BoxRecord {
    const known = this.#records.get(handle.id);
    if (known) {
      known.adopt(handle, status);
      return known;
    }
    const record = new BoxRecord(this, handle, name, status);
    this.#records.set(record.id, record);
    return record;
  }

  known(id: string): BoxRecord | undefined {
    return this.#records.get(id);
  }

  drop(record: BoxRecord): void {
    this.#records.delete(record.id);
  }

  close(timeoutMs: number | undefined): Promise<void> {
    return (this.#closing ??= this.#close(timeoutMs));
  }

  async #close(timeoutMs: number | undefined): Promise<void> {
    try {
      // A shutdown stops only boxes that have a live handle, so these are given back afterwards.
      await this.native.close(timeoutMs);
    } finally {
      for (const record of this.#records.values()) record.release();
      this.#records.clear();
    }
  }
}
