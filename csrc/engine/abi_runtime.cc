// The ABI's functions for versions, strings, errors and runtimes.
#include <cstdlib>
#include <cstring>

#include "engine/runtime.h"

using namespace boxlite::engine;

namespace {

/// Whether registries are as the ABI wants them; the first fault is reported.
BoxliteErrorCode CheckRegistries(const BoxliteImageRegistry* registries, int count, CBoxliteError* out) {
  if (count < 0)
    return Report({BOXLITE_INVALID_ARGUMENT, "image_registries_count must not be negative"}, out);
  if (count > 0 && registries == nullptr) return ReportNull("image_registries", out);
  for (int i = 0; i < count; ++i) {
    const auto& registry = registries[i];
    if (registry.host == nullptr) return ReportNull("host", out);
    for (const char* text : {registry.host, registry.username, registry.password, registry.bearer_token}) {
      if (text != nullptr && !IsUtf8(text))
        return Report({BOXLITE_INVALID_ARGUMENT, "invalid UTF-8 in a registry"}, out);
    }
    const bool token = registry.bearer_token != nullptr && *registry.bearer_token != '\0';
    if (!token && (registry.username == nullptr) != (registry.password == nullptr)) {
      return Report({BOXLITE_INVALID_ARGUMENT, "a registry needs both username and password, or neither"},
                    out);
    }
  }
  return BOXLITE_OK;
}

std::optional<std::chrono::seconds> GraceOf(int timeout_secs) {
  if (timeout_secs == -1) return std::nullopt;
  return std::chrono::seconds(timeout_secs > 0 ? timeout_secs : 10);
}

}  // namespace

extern "C" {

const char* boxlite_version(void) { return "0.10.0"; }

const char* boxlite_engine_capabilities(void) {
  return "isolation:none raw-bytes stream-pause runtime-wake stdin-flush process-group-signals exact-status "
         "tty "
         "copy-flags";
}

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
  if (home_dir != nullptr && !IsUtf8(home_dir)) return ReportBadString(out_error, "invalid UTF-8");
  if (auto code = CheckRegistries(image_registries, image_registries_count, out_error)) return code;
  Failure failure;
  auto runtime = Runtime::Open(home_dir != nullptr ? home_dir : DefaultHome(), failure);
  if (!runtime) return Report(failure, out_error);
  *out_runtime = std::make_unique<RuntimeHandle>(RuntimeHandle{std::move(runtime)}).release();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_runtime_set_local_image_policy(CBoxliteRuntime* runtime, int use_host,
                                                        CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  std::lock_guard lock(runtime->runtime->loop()->mutex);
  runtime->runtime->use_host_for_images = use_host != 0;
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_runtime_shutdown(CBoxliteRuntime* runtime, int timeout_secs, CRuntimeShutdownCb cb,
                                          void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  std::lock_guard lock(runtime->runtime->loop()->mutex);
  runtime->runtime->ShutDown(GraceOf(timeout_secs), AnswerTo(cb, user_data));
  return BOXLITE_OK;
}

void boxlite_runtime_free(CBoxliteRuntime* runtime) {
  std::unique_ptr<RuntimeHandle> handle(runtime);
  if (handle) handle->runtime->Free();
}

int boxlite_runtime_drain(CBoxliteRuntime* runtime, int timeout_ms, CBoxliteError* out_error) {
  if (runtime == nullptr) {
    ReportNull("runtime", out_error);
    return -1;
  }
  // A copy: the runtime may be freed meanwhile.
  auto loop = runtime->runtime->loop();
  return loop->Drain(timeout_ms);
}

void boxlite_runtime_wake(CBoxliteRuntime* runtime) {
  if (runtime != nullptr) runtime->runtime->loop()->Wake();
}

}  // extern "C"
