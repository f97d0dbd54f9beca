// The ABI's functions for runtimes, errors and strings.
#include <cstdlib>

#include "handles.h"
#include "posted.h"

using namespace boxlite::fault;

namespace {

/// Homes that a runtime of this process has; a second one is refused.
std::set<std::string>& Homes() {
  static auto& homes = *new std::set<std::string>;
  return homes;
}

BoxliteErrorCode Open(const char* home_dir, CBoxliteRuntime** out_runtime, CBoxliteError* out_error) {
  Lock lock = Enter();
  auto runtime = std::make_shared<Runtime>();
  runtime->home = home_dir == nullptr ? "the default home" : home_dir;
  std::string bad;
  if (!ParseNamed(runtime->home, runtime->script, bad))
    return Report({BOXLITE_INVALID_ARGUMENT, bad}, out_error);
  const Fault& fault = runtime->script.FaultOf("new");
  if (fault.hold) WaitUntil(lock, *fault.hold, [] { return false; });
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  if (!Homes().insert(runtime->home).second) {
    return Report({BOXLITE_INTERNAL, "home directory " + runtime->home + " is locked by another runtime"},
                  out_error);
  }
  Note("runtime_new");
  *out_runtime = std::unique_ptr<RuntimeHandle>(new RuntimeHandle{std::move(runtime)}).release();
  return BOXLITE_OK;
}

/// Only boxes that somebody holds a handle of: H38.
void StopHeldBoxes(Runtime& runtime) {
  runtime.shut_down = true;
  for (const auto& box : std::vector(runtime.boxes)) {
    if (!box->running() || box->options.detach) {
      box->EndExecutions();
    } else if (box->handles > 0) {
      Note("shutdown stops " + box->options.name);
      runtime.Stop(box);
    } else {
      Note("shutdown leaves " + box->options.name);
    }
  }
}

}  // namespace

extern "C" {

void boxlite_free_string(char* s) { std::free(s); }

void boxlite_error_free(CBoxliteError* error) {
  if (error == nullptr) return;
  std::free(error->message);
  *error = {};
}

BoxliteErrorCode boxlite_runtime_new(const char* home_dir, const BoxliteImageRegistry* image_registries,
                                     int image_registries_count, CBoxliteRuntime** out_runtime,
                                     CBoxliteError* out_error) {
  if (out_runtime == nullptr) return ReportNull("out_runtime", out_error);
  if (home_dir != nullptr && CheckText(home_dir, out_error) != BOXLITE_OK) return BOXLITE_INVALID_ARGUMENT;
  if (image_registries_count < 0 || (image_registries == nullptr && image_registries_count > 0)) {
    return ReportNull("image_registries", out_error);
  }
  return Open(home_dir, out_runtime, out_error);
}

BoxliteErrorCode boxlite_runtime_shutdown(CBoxliteRuntime* runtime, int timeout_secs, CRuntimeShutdownCb cb,
                                          void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  auto self = runtime->runtime;
  Note("runtime_shutdown " + std::to_string(timeout_secs));
  // A second one answers at once, also while the first still runs: H28.
  const Fault fault = self->shut_down ? Fault{} : self->script.FaultOf("shutdown");
  auto act = [self]() -> Failure {
    StopHeldBoxes(*self);
    return {};
  };
  return Post(lock, self->queue, fault, out_error, act, AnswerTo(cb, user_data));
}

void boxlite_runtime_free(CBoxliteRuntime* runtime) {
  if (runtime == nullptr) return;
  Lock lock = Enter();
  std::unique_ptr<RuntimeHandle> owned(runtime);
  Note("runtime_free");
  if (const auto& hold = owned->runtime->script.FaultOf("runtime-free").hold)
    WaitUntil(lock, *hold, [] { return false; });
  owned->runtime->queue->Close();
  Homes().erase(owned->runtime->home);
  owned.reset();
}

int boxlite_runtime_drain(CBoxliteRuntime* runtime, int timeout_ms, CBoxliteError* out_error) {
  if (runtime == nullptr) {
    ReportNull("runtime", out_error);
    return -1;
  }
  Lock lock = Enter();
  // Its own reference: a drain that is inside survives runtime_free.
  auto queue = runtime->runtime->queue;
  const std::string line = "runtime_drain " + std::to_string(timeout_ms) + "\n";
  if (TheWorld().log.find(line) == std::string::npos) TheWorld().log += line;
  const int ran = queue->Drain(lock, timeout_ms);
  const int code = queue->TakeDrainCode();
  if (code == 0) return ran;
  Report({code, "scripted"}, out_error);
  return -1;
}

BoxliteErrorCode boxlite_runtime_metrics(CBoxliteRuntime* runtime, CRuntimeMetricsCb cb, void* user_data,
                                         CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  auto self = runtime->runtime;
  auto answer = [self, cb, user_data](const Failure& failure, bool null) {
    CRuntimeMetrics metrics{.boxes_created_total = self->next_id - 1,
                            .boxes_failed_total = 0,
                            .num_running_boxes = 0,
                            .total_commands_executed = 0,
                            .total_exec_errors = 0};
    CallbackError error(failure);
    cb(failure || null ? nullptr : &metrics, error.get(), user_data);
  };
  return Post(
      lock, self->queue, self->script.FaultOf("metrics"), out_error, [] { return Failure{}; }, answer);
}

}  // extern "C"
