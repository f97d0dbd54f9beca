import { InvalidArgumentError } from 'boxlite-ffi';
import { parseDuration } from './durations.js';

/** What a runner allows, and how long it waits. Sizes in bytes, times in milliseconds. */
export interface Limits {
  /** The longest JSON body. Default 1 MiB. */
  bodyBytes: number;
  /** The longest head of a request. Default 16 KiB. */
  headerBytes: number;
  /** The largest archive of a file transfer. Default 1 GiB. */
  fileTransferBytes: number;
  /** The largest message that a client may send while attached. Default 16 MiB. */
  messageBytes: number;
  /** Executions that run in one box at a time. Default 512. */
  executionsPerBox: number;
  /** The most that `cpus` of a new box may say. Default 32. */
  maxCpus: number;
  /** The most that `memory_mib` of a new box may say. Default 1 TiB. */
  maxMemoryMib: number;
  /** Unconfirmed output of one stream that is kept in memory; more goes to disk. Default 1 MiB. */
  spoolMemoryBytes: number;
  /** Unconfirmed output of one stream at which its execution is killed. Default 1 GiB. */
  spoolMaxBytes: number;
  /** How long delivering a signal, a resize or a kill may take. Default 10 s. */
  deliveryMs: number;
  /** How long nothing may move of a body, or of an archive that is being fetched. Default 2 min. */
  stallMs: number;
  /** How long an idle connection is kept open. Default 100 s. */
  keepAliveMs: number;
  /** How often an attached client is pinged. Default 15 s. */
  pingMs: number;
  /** How long an attached client may be silent before it counts as gone. Default 45 s. */
  silenceMs: number;
  /** How long an execution runs without client before SIGHUP. Default `BOXLITE_RECONNECT_GRACE`, else 5 min. */
  reconnectGraceMs: number;
  /** From there to SIGTERM, and again to SIGKILL. Default `BOXLITE_SHUTDOWN_GRACE`, else 30 s. */
  shutdownGraceMs: number;
  /** The greatest age of an execution. Default `BOXLITE_MAX_SESSION_LIFETIME`, else 24 h. */
  maxLifetimeMs: number;
  /** How long an ended execution can still be asked for. Default 5 min. */
  retentionMs: number;
  /** How long the answer to a request with an idempotency key is known; 0: such keys are ignored. Default 1 h. */
  idempotencyMs: number;
  /** What those answers may take; then new keys are refused. Default 16 MiB. */
  idempotencyBytes: number;
  /** How often orphans are looked for. Default 30 s, or half of the shortest grace if that is less. */
  reapIntervalMs: number;
}

const mebibyte = 1024 * 1024;
const minute = 60_000;

/** The limits with their defaults; the environment's durations come before these. */
export function readLimits(
  given: Partial<Limits> = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): Limits {
  const reconnectGraceMs = fromEnvironment(env, 'BOXLITE_RECONNECT_GRACE', 5 * minute);
  const shutdownGraceMs = fromEnvironment(env, 'BOXLITE_SHUTDOWN_GRACE', 30_000);
  const limits: Limits = {
    bodyBytes: mebibyte,
    headerBytes: 16 * 1024,
    fileTransferBytes: 1024 * mebibyte,
    messageBytes: 16 * mebibyte,
    executionsPerBox: 512,
    maxCpus: 32,
    maxMemoryMib: mebibyte,
    spoolMemoryBytes: mebibyte,
    spoolMaxBytes: 1024 * mebibyte,
    deliveryMs: 10_000,
    stallMs: 2 * minute,
    keepAliveMs: 100_000,
    pingMs: 15_000,
    silenceMs: 45_000,
    reconnectGraceMs,
    shutdownGraceMs,
    maxLifetimeMs: fromEnvironment(env, 'BOXLITE_MAX_SESSION_LIFETIME', 24 * 60 * minute),
    retentionMs: 5 * minute,
    idempotencyMs: 60 * minute,
    idempotencyBytes: 16 * mebibyte,
    reapIntervalMs: 0,
  };
  for (const [name, value] of Object.entries(given)) {
    if (!(name in limits)) throw new InvalidArgumentError(`unknown limit ${name}`);
    if (value === undefined) continue;
    if (!Number.isFinite(value) || value < 0) {
      throw new InvalidArgumentError(`limits.${name} must be a number of at least 0, got ${String(value)}`);
    }
    limits[name as keyof Limits] = value;
  }
  // Short graces would mean little if nobody looked before half a minute had passed.
  limits.reapIntervalMs ||= Math.max(
    100,
    Math.min(30_000, limits.reconnectGraceMs / 2, limits.shutdownGraceMs / 2),
  );
  return limits;
}

function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  fallbackMs: number,
): number {
  const text = env[name];
  if (text === undefined || text === '') return fallbackMs;
  const value = parseDuration(text);
  if (value !== undefined) return value;
  process.emitWarning(`${name}: '${text}' is no duration as 300s, 5m or 24h; using ${fallbackMs / 1000} s`);
  return fallbackMs;
}
