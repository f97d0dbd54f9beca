import { Type } from '@sinclair/typebox';

const total = Type.Integer({ minimum: 0 });
const unknown = Type.Null();

export const runtimeMetricsSchema = Type.Object(
  {
    boxes_created_total: total,
    boxes_failed_total: total,
    boxes_stopped_total: total,
    num_running_boxes: total,
    total_commands_executed: total,
    total_exec_errors: total,
  },
  { title: 'RuntimeMetrics' },
);

const maybe = Type.Union([total, unknown]);

export const boxMetricsSchema = Type.Object(
  {
    commands_executed_total: total,
    exec_errors_total: total,
    bytes_sent_total: total,
    bytes_received_total: total,
    cpu_percent: Type.Union([Type.Number({ minimum: 0 }), unknown]),
    memory_bytes: maybe,
    network_bytes_sent: maybe,
    network_bytes_received: maybe,
    network_tcp_connections: maybe,
    network_tcp_errors: maybe,
    boot_timing: Type.Object({
      total_create_ms: maybe,
      guest_boot_ms: maybe,
      filesystem_setup_ms: maybe,
      image_prepare_ms: maybe,
      guest_rootfs_ms: maybe,
      box_config_ms: maybe,
      box_spawn_ms: maybe,
      container_init_ms: maybe,
    }),
  },
  { title: 'BoxMetrics' },
);
