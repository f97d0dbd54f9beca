import type { EngineInfo } from './engine.js';
import type { NativeBoxMetrics, NativeRuntimeMetrics } from './native/addon.js';

/** What a box has used. Totals never fall while the runtime is open. */
export interface BoxMetrics {
  commandsExecutedTotal: number;
  /** Commands that could not be started. */
  execErrorsTotal: number;
  /** Into standard input. */
  bytesSentTotal: number;
  /** From standard output and standard error. */
  bytesReceivedTotal: number;
  /** Of one processor, since the last call or, at first, since the boot; 200 are two processors. */
  cpuPercent: number;
  /** Of everything that runs in it. */
  memoryBytes: number;
  /** How long making the box took. */
  createDurationMs: number;
  /** How long its last boot took; 0 before. */
  bootDurationMs: number;
  /** Absent, with the other figures of the network, where the engine has no network of its own. */
  networkBytesSent?: number;
  networkBytesReceived?: number;
  networkTcpConnections?: number;
  networkTcpErrors?: number;
}

/** What a runtime has done since it was opened. */
export interface RuntimeMetrics {
  boxesCreatedTotal: number;
  /** Boxes that could not be made. */
  boxesFailedTotal: number;
  /** Absent where the engine does not count it. */
  boxesStoppedTotal?: number;
  numRunningBoxes: number;
  totalCommandsExecuted: number;
  totalExecErrors: number;
}

/** A box that never ran, of which no engine need be asked. */
export const nothingUsed: NativeBoxMetrics = {
  cpuPercent: 0,
  memoryBytes: 0,
  commandsExecuted: 0,
  execErrors: 0,
  bytesSent: 0,
  bytesReceived: 0,
  createDurationMs: 0,
  bootDurationMs: 0,
  networkBytesSent: 0,
  networkBytesReceived: 0,
  networkTcpConnections: 0,
  networkTcpErrors: 0,
};

export function boxMetrics(native: NativeBoxMetrics, isolation: EngineInfo['isolation']): BoxMetrics {
  const metrics: BoxMetrics = {
    commandsExecutedTotal: native.commandsExecuted,
    execErrorsTotal: native.execErrors,
    bytesSentTotal: native.bytesSent,
    bytesReceivedTotal: native.bytesReceived,
    cpuPercent: native.cpuPercent,
    memoryBytes: native.memoryBytes,
    createDurationMs: native.createDurationMs,
    bootDurationMs: native.bootDurationMs,
  };
  // A process of the host shares the host's network: the zeros would be no measurement.
  if (isolation === 'none') return metrics;
  return {
    ...metrics,
    networkBytesSent: native.networkBytesSent,
    networkBytesReceived: native.networkBytesReceived,
    networkTcpConnections: native.networkTcpConnections,
    networkTcpErrors: native.networkTcpErrors,
  };
}

export function runtimeMetrics(native: NativeRuntimeMetrics): RuntimeMetrics {
  return {
    boxesCreatedTotal: native.boxesCreated,
    boxesFailedTotal: native.boxesFailed,
    numRunningBoxes: native.runningBoxes,
    totalCommandsExecuted: native.commandsExecuted,
    totalExecErrors: native.execErrors,
  };
}
