import type { Static } from '@sinclair/typebox';
import type { BoxMetrics, RuntimeMetrics } from 'boxlite-ffi';
import type { boxMetricsSchema, runtimeMetricsSchema } from '../schemas/metrics.js';

/** @param stopped - Stops that the runner knows of, for engines that do not count them. */
export function runtimeMetricsBody(
  metrics: RuntimeMetrics,
  stopped: number,
): Static<typeof runtimeMetricsSchema> {
  return {
    boxes_created_total: count(metrics.boxesCreatedTotal),
    boxes_failed_total: count(metrics.boxesFailedTotal),
    boxes_stopped_total: count(metrics.boxesStoppedTotal ?? stopped),
    num_running_boxes: count(metrics.numRunningBoxes),
    total_commands_executed: count(metrics.totalCommandsExecuted),
    total_exec_errors: count(metrics.totalExecErrors),
  };
}

export function boxMetricsBody(metrics: BoxMetrics): Static<typeof boxMetricsSchema> {
  return {
    commands_executed_total: count(metrics.commandsExecutedTotal),
    exec_errors_total: count(metrics.execErrorsTotal),
    bytes_sent_total: count(metrics.bytesSentTotal),
    bytes_received_total: count(metrics.bytesReceivedTotal),
    cpu_percent: Number.isFinite(metrics.cpuPercent) && metrics.cpuPercent >= 0 ? metrics.cpuPercent : null,
    memory_bytes: maybe(metrics.memoryBytes),
    network_bytes_sent: maybe(metrics.networkBytesSent),
    network_bytes_received: maybe(metrics.networkBytesReceived),
    network_tcp_connections: maybe(metrics.networkTcpConnections),
    network_tcp_errors: maybe(metrics.networkTcpErrors),
    boot_timing: {
      total_create_ms: maybe(metrics.createDurationMs),
      guest_boot_ms: maybe(metrics.bootDurationMs),
      filesystem_setup_ms: null,
      image_prepare_ms: null,
      guest_rootfs_ms: null,
      box_config_ms: null,
      box_spawn_ms: null,
      container_init_ms: null,
    },
  };
}

/** Negative and fractional counters break the parsers of clients. */
function count(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
}

function maybe(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || value < 0 ? null : Math.trunc(value);
}
