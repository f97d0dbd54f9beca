import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import type { Doom } from './execution-end.js';
import type { ExecutionRecord } from './execution-record.js';
import type { ExecutionRegistry } from './registry.js';

/** How far the end of an orphan has come. */
interface Escalation {
  last: 'SIGHUP' | 'SIGTERM' | 'SIGKILL';
  at: number;
  delivering: boolean;
  /** It is too old; a client does not save it. */
  expired: boolean;
  doom: Doom;
}

const signals = { SIGHUP: 1, SIGTERM: 15 } as const;

/** Ends executions that no client comes back for, step by step, and forgets those that ended long ago. */
export class Reaper {
  readonly #registry: ExecutionRegistry;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #log: FastifyBaseLogger;
  readonly #escalations = new Map<ExecutionRecord, Escalation>();
  /** Since when nobody has been attached. */
  readonly #orphanedAt = new Map<ExecutionRecord, number>();
  readonly #cancel: () => void;

  constructor(registry: ExecutionRegistry, limits: Limits, clock: Clock, log: FastifyBaseLogger) {
    this.#registry = registry;
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
    this.#cancel = clock.every(limits.reapIntervalMs, () => this.check());
  }

  stop(): void {
    this.#cancel();
  }

  /** Looks at every execution once. */
  check(): void {
    for (const record of this.#registry.records) {
      if (record.end) this.#forget(record, record.end.endedAt);
      else this.#watch(record);
    }
  }

  /** A client comes: whatever was begun is off. Its leaving starts the schedule afresh. */
  attached(record: ExecutionRecord): void {
    this.#orphanedAt.delete(record);
    const escalation = this.#escalations.get(record);
    if (escalation === undefined || escalation.expired) return;
    this.#escalations.delete(record);
    record.spare(escalation.doom);
  }

  detached(record: ExecutionRecord): void {
    this.#orphanedAt.set(record, this.#clock.now());
  }

  /** Whether a signal is on its way. */
  isDelivering(record: ExecutionRecord): boolean {
    return this.#escalations.get(record)?.delivering ?? false;
  }

  /** Whether a signal is on its way or the kill is decided: nobody may attach then. */
  isReaping(record: ExecutionRecord): boolean {
    const escalation = this.#escalations.get(record);
    return escalation !== undefined && (escalation.delivering || escalation.last === 'SIGKILL');
  }

  /** The record is gone by other means. */
  drop(record: ExecutionRecord): void {
    this.#escalations.delete(record);
    this.#orphanedAt.delete(record);
  }

  #forget(record: ExecutionRecord, endedAt: number): void {
    if (this.#registry.isClaimed(record)) return;
    const escalation = this.#escalations.get(record);
    const retained = this.#clock.now() - endedAt < this.#limits.retentionMs;
    if (retained && escalation?.last !== 'SIGKILL') return;
    this.#registry.evict(record, escalation ? 'tombstone' : 'no tombstone');
    this.drop(record);
  }

  #watch(record: ExecutionRecord): void {
    const now = this.#clock.now();
    const escalation = this.#escalations.get(record);
    if (escalation?.delivering) return;
    if (escalation?.last === 'SIGKILL') return void this.#kill(record, escalation);
    if (escalation) {
      if (now - escalation.at < this.#limits.shutdownGraceMs) return;
      return void this.#step(record, escalation, escalation.last === 'SIGHUP' ? 'SIGTERM' : 'SIGKILL');
    }
    if (now - record.startedAt >= this.#limits.maxLifetimeMs) return this.#begin(record, 'SIGTERM', true);
    if (this.#registry.isClaimed(record)) return;
    const orphanedAt = this.#orphanedAt.get(record) ?? record.startedAt;
    if (now - orphanedAt >= this.#limits.reconnectGraceMs) this.#begin(record, 'SIGHUP', false);
  }

  #begin(record: ExecutionRecord, first: 'SIGHUP' | 'SIGTERM', expired: boolean): void {
    const message = expired
      ? 'it had reached the greatest age that is allowed'
      : 'no client was attached to it';
    const doom: Doom = { by: 'reaper', message };
    const escalation: Escalation = { last: first, at: this.#clock.now(), delivering: false, expired, doom };
    this.#escalations.set(record, escalation);
    record.doom(doom);
    void this.#step(record, escalation, first);
  }

  async #step(record: ExecutionRecord, escalation: Escalation, signal: Escalation['last']): Promise<void> {
    this.#log.info({ executionId: record.id, boxId: record.boxId, signal }, 'reaping an execution');
    escalation.last = signal;
    escalation.at = this.#clock.now();
    if (signal === 'SIGKILL') return this.#kill(record, escalation);
    escalation.delivering = true;
    try {
      await record.signal(signals[signal]);
      escalation.delivering = false;
    } catch {
      escalation.delivering = false;
      // What cannot be asked is not asked twice.
      await this.#step(record, escalation, 'SIGKILL');
    }
  }

  /** Kills; what cannot be killed is tried again at the next check. */
  async #kill(record: ExecutionRecord, escalation: Escalation): Promise<void> {
    escalation.delivering = true;
    try {
      await record.kill(escalation.doom);
      if (record.end) this.#forget(record, record.end.endedAt);
    } catch (error) {
      this.#log.warn({ executionId: record.id, err: error }, 'an execution could not be killed');
    } finally {
      escalation.delivering = false;
    }
  }
}
