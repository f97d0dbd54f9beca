// The ABI's functions for metrics.
#include "engine/argument_checks.h"
#include "engine/runtime.h"

using namespace boxlite::engine;

namespace {

CBoxMetrics Metrics(const Usage& usage) {
  CBoxMetrics metrics{};
  metrics.commands_executed = usage.commands;
  metrics.exec_errors = usage.exec_errors;
  metrics.bytes_sent = usage.bytes_in;
  metrics.bytes_received = usage.bytes_out;
  metrics.create_duration_ms = usage.create_time.count();
  metrics.boot_duration_ms = usage.boot_time.count();
  return metrics;
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_box_metrics(CBoxHandle* handle, CBoxMetricsCb cb, void* user_data,
                                     CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  auto answer = [cb, user_data](const Usage& usage, const TreeUsage& tree, double cpu_percent) {
    CBoxMetrics metrics = Metrics(usage);
    metrics.cpu_percent = cpu_percent;
    metrics.memory_bytes = tree.memory_bytes;
    CallbackError ok({});
    cb(&metrics, ok.get(), user_data);
  };
  std::lock_guard lock(handle->runtime->loop()->mutex);
  auto failure = handle->runtime->Measure(handle->box, handle->epoch, answer);
  if (!failure) return BOXLITE_OK;
  handle->runtime->loop()->Post([cb, user_data, failure] {
    CallbackError error(failure);
    cb(nullptr, error.get(), user_data);
  });
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_runtime_metrics(CBoxliteRuntime* runtime, CRuntimeMetricsCb cb, void* user_data,
                                         CBoxliteError* out_error) {
  if (auto code = CheckPosted(runtime, "runtime", cb, out_error)) return code;
  auto& self = *runtime->runtime;
  std::lock_guard lock(self.loop()->mutex);
  int running = 0;
  for (const auto& [id, box] : self.boxes()) running += box->status == BoxStatus::kRunning ? 1 : 0;
  const CRuntimeMetrics metrics{self.counters.created, self.counters.failed, running, self.counters.commands,
                                self.counters.exec_errors};
  self.loop()->Post([cb, user_data, metrics] {
    CRuntimeMetrics copy = metrics;
    CallbackError ok({});
    cb(&copy, ok.get(), user_data);
  });
  return BOXLITE_OK;
}

}  // extern "C"
