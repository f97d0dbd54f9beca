// What an engine has counted, copied out of its structs.
#pragma once

#include <cstdint>

#include "abi/boxlite.h"

namespace boxlite::ffi {

/// What an engine does not know is 0.
struct BoxMetrics {
  double cpu_percent = 0;
  std::int64_t memory_bytes = 0;
  int commands_executed = 0;
  int exec_errors = 0;
  std::int64_t bytes_sent = 0;
  std::int64_t bytes_received = 0;
  std::int64_t create_duration_ms = 0;
  std::int64_t boot_duration_ms = 0;
  std::int64_t network_bytes_sent = 0;
  std::int64_t network_bytes_received = 0;
  int network_tcp_connections = 0;
  int network_tcp_errors = 0;
};

struct RuntimeMetrics {
  int boxes_created = 0;
  int boxes_failed = 0;
  int running_boxes = 0;
  int commands_executed = 0;
  int exec_errors = 0;
};

/// Borrowed structs, copied; null gives zeros.
inline BoxMetrics CopyMetrics(const CBoxMetrics* from) {
  if (from == nullptr) return {};
  return {from->cpu_percent,
          from->memory_bytes,
          from->commands_executed,
          from->exec_errors,
          from->bytes_sent,
          from->bytes_received,
          from->create_duration_ms,
          from->boot_duration_ms,
          from->network_bytes_sent,
          from->network_bytes_received,
          from->network_tcp_connections,
          from->network_tcp_errors};
}

inline RuntimeMetrics CopyMetrics(const CRuntimeMetrics* from) {
  if (from == nullptr) return {};
  return {from->boxes_created_total, from->boxes_failed_total, from->num_running_boxes,
          from->total_commands_executed, from->total_exec_errors};
}

}  // namespace boxlite::ffi
