import { isBoxliteError, type Box, type BoxMetrics } from 'boxlite-ffi';

/** A box that nobody has measured. */
const nothing: BoxMetrics = {
  commandsExecutedTotal: 0,
  execErrorsTotal: 0,
  bytesSentTotal: 0,
  bytesReceivedTotal: 0,
  cpuPercent: NaN,
  memoryBytes: NaN,
  createDurationMs: NaN,
  bootDurationMs: NaN,
};

/** Measures boxes. Engines do not measure one that is stopped, but its totals must not fall: they are remembered. */
export class BoxMeter {
  readonly #last = new Map<string, BoxMetrics>();

  /** @throws NotFoundError if the box is gone. */
  async read(box: Box): Promise<BoxMetrics> {
    try {
      const metrics = await box.metrics();
      this.#last.set(box.id, metrics);
      return metrics;
    } catch (error) {
      if (!isBoxliteError(error, 'stopped')) throw error;
      // What it uses now is not known; what it has used is.
      return { ...(this.#last.get(box.id) ?? nothing), cpuPercent: NaN, memoryBytes: NaN };
    }
  }

  /** Before a stop: what is known afterwards is what was known before. */
  async remember(box: Box): Promise<void> {
    await this.read(box).catch(() => undefined);
  }

  forget(boxId: string): void {
    this.#last.delete(boxId);
  }
}
