import type { EngineInfo } from './engine.js';
import type { NativeBoxInfo } from './native/addon.js';
import { compact } from './options.js';

const statuses = ['configured', 'running', 'stopping', 'stopped', 'paused', 'failed', 'unknown'] as const;

/** Where a box is in its life; `'configured'`: made and never booted. */
export type BoxStatus = (typeof statuses)[number];

/** What the engine tells of a box. */
export interface BoxInfo {
  id: string;
  /** Absent for a box without a name. */
  name?: string;
  status: BoxStatus;
  createdAt: Date;
  /** The image it was made from; empty for the engine's default on the embedded engine. */
  image: string;
  cpus: number;
  memoryMib: number;
  /** Of the process that stands for the box on the host, if there is one. */
  pid?: number;
  /** What separates it from the host; `'none'`: it runs as ordinary processes. */
  isolation: EngineInfo['isolation'];
  /** Idle seconds after which the engine stops it; 0: never. */
  autoStopSeconds: number;
  /** Seconds after its stop after which the engine removes it; 0: never. */
  autoDeleteSeconds: number;
  autoResume: boolean;
  /** Of its last boot; engines after 0.10 only. */
  startedAt?: Date;
  /** Engines after 0.10 only. */
  lastActivityAt?: Date;
  /** Absent where the engine does not tell. */
  network?: BoxNetworkInfo;
}

export interface BoxNetworkInfo {
  enabled: boolean;
  /** Whom it may talk to; empty: everybody. */
  allow: string[];
  /** Absent where the engine does not know. */
  publishedPorts?: { guestPort: number; hostPort: number; hostIp?: string; protocol: 'tcp' | 'udp' }[];
}

export function boxInfo(native: NativeBoxInfo, isolation: EngineInfo['isolation']): BoxInfo {
  return compact<BoxInfo>({
    id: native.id,
    name: native.name,
    status: boxStatus(native.status),
    createdAt: new Date(native.createdAt),
    image: native.image,
    cpus: native.cpus,
    memoryMib: native.memoryMib,
    pid: native.pid,
    isolation,
    autoStopSeconds: native.autoStopSeconds,
    autoDeleteSeconds: native.autoDeleteSeconds,
    autoResume: native.autoResume,
    startedAt: date(native.startedAt),
    lastActivityAt: date(native.lastActivityAt),
    network: native.network,
  });
}

/** An engine of tomorrow may have words that today's callers have no case for. */
export function boxStatus(word: string): BoxStatus {
  return statuses.find((status) => status === word) ?? 'unknown';
}

function date(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}
