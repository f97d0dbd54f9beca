// The ABI's simple API: one box in a runtime of its own, and calls that block. Built on the rest of the ABI.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "engine/argument_checks.h"

using namespace boxlite::engine;

namespace {

constexpr int kDrainMs = 1000;  // a drain returns with its first event

struct FreeRuntime {
  void operator()(CBoxliteRuntime* runtime) const { boxlite_runtime_free(runtime); }
};
struct FreeBox {
  void operator()(CBoxHandle* box) const { boxlite_box_free(box); }
};
struct FreeExecution {
  void operator()(CExecutionHandle* execution) const { boxlite_execution_free(execution); }
};
using Execution = std::unique_ptr<CExecutionHandle, FreeExecution>;

/// The outcome of one posted call, written by its callback.
struct Outcome {
  bool done = false;
  BoxliteErrorCode code = BOXLITE_OK;
  std::string message;

  void Take(const CBoxliteError* error) {
    done = true;
    if (error == nullptr || error->code == BOXLITE_OK) return;
    code = error->code;
    message = error->message != nullptr ? error->message : "";
  }
  BoxliteErrorCode Give(CBoxliteError* out) const {
    if (out != nullptr && code != BOXLITE_OK) {
      out->code = code;
      out->message = CopyOut(message);
    }
    return code;
  }
};

struct Creation : Outcome {
  CBoxHandle* box = nullptr;
};

/// One command, as its callbacks tell of it.
struct Running {
  std::string output;
  std::string error_output;
  int exit_code = -1;
  bool exited = false;
  Outcome wait;
};

void OnCreated(CBoxHandle* box, CBoxliteError* error, void* user_data) {
  auto* creation = static_cast<Creation*>(user_data);
  creation->box = box;
  creation->Take(error);
}
void OnDone(CBoxliteError* error, void* user_data) { static_cast<Outcome*>(user_data)->Take(error); }
void OnOutput(const uint8_t* data, size_t size, void* user_data) {
  static_cast<Running*>(user_data)->output.append(reinterpret_cast<const char*>(data), size);
}
void OnErrorOutput(const uint8_t* data, size_t size, void* user_data) {
  static_cast<Running*>(user_data)->error_output.append(reinterpret_cast<const char*>(data), size);
}
void OnExit(int, void* user_data) { static_cast<Running*>(user_data)->exited = true; }
void OnWait(int exit_code, CBoxliteError* error, void* user_data) {
  auto* running = static_cast<Running*>(user_data);
  running->exit_code = exit_code;
  running->wait.Take(error);
}

void DrainUntil(CBoxliteRuntime* runtime, const bool& done) {
  while (!done) boxlite_runtime_drain(runtime, kDrainMs, nullptr);
}

/// A text that C would cut at a NUL is none.
char* TextOrNull(const std::string& text) {
  return text.find('\0') == std::string::npos ? CopyOut(text) : nullptr;
}

BoxliteErrorCode NewOptions(const char* image, int cpus, int memory_mib, CBoxliteOptions** options,
                            CBoxliteError* out) {
  if (auto code = boxlite_options_new(image, options, out)) return code;
  boxlite_options_set_cpus(*options, cpus);
  boxlite_options_set_memory(*options, memory_mib);
  return BOXLITE_OK;
}

}  // namespace

struct BoxRunner {
  std::unique_ptr<CBoxliteRuntime, FreeRuntime> runtime;
  std::unique_ptr<CBoxHandle, FreeBox> box;
};

extern "C" {

BoxliteErrorCode boxlite_simple_new(const char* image, int cpus, int memory_mib, CBoxliteSimple** out_box,
                                    CBoxliteError* out_error) {
  if (auto code = CheckText(image, out_error)) return code;
  if (out_box == nullptr) return ReportNull("out_box", out_error);
  auto runner = std::make_unique<BoxRunner>();
  CBoxliteRuntime* runtime = nullptr;
  // The struct has the reason; the return value has always been this one.
  if (boxlite_runtime_new(nullptr, nullptr, 0, &runtime, out_error) != BOXLITE_OK) return BOXLITE_INTERNAL;
  runner->runtime.reset(runtime);
  CBoxliteOptions* options = nullptr;
  if (auto code = NewOptions(image, cpus, memory_mib, &options, out_error)) return code;
  Creation creation;
  if (auto code = boxlite_create_box(runtime, options, OnCreated, &creation, out_error)) {
    boxlite_options_free(options);
    return code;
  }
  DrainUntil(runtime, creation.done);
  runner->box.reset(creation.box);
  if (auto code = creation.Give(out_error)) return code;
  *out_box = runner.release();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_simple_run(CBoxliteSimple* box_runner, const char* command, const char* const* args,
                                    int argc, CBoxliteExecResult** out_result, CBoxliteError* out_error) {
  if (box_runner == nullptr) return ReportNull("box_runner", out_error);
  if (auto code = CheckText(command, out_error)) return code;
  if (out_result == nullptr) return ReportNull("out_result", out_error);
  BoxliteCommand plan{};
  plan.command = command;
  plan.args = args;
  while (args != nullptr && plan.argc < argc && args[plan.argc] != nullptr) ++plan.argc;
  CExecutionHandle* started = nullptr;
  if (auto code = boxlite_box_exec(box_runner->box.get(), &plan, &started, out_error)) return code;
  Running running;
  {
    const Execution execution(started);
    boxlite_execution_stdin_close(started, nullptr);
    boxlite_execution_on_stdout(started, OnOutput, &running, nullptr);
    boxlite_execution_on_stderr(started, OnErrorOutput, &running, nullptr);
    boxlite_execution_on_exit(started, OnExit, &running, nullptr);
    boxlite_execution_wait(started, OnWait, &running, nullptr);
    DrainUntil(box_runner->runtime.get(), running.exited);
    DrainUntil(box_runner->runtime.get(), running.wait.done);
  }
  if (auto code = running.wait.Give(out_error)) return code;
  auto* result = static_cast<CBoxliteExecResult*>(std::calloc(1, sizeof(CBoxliteExecResult)));
  if (result == nullptr) return Report({BOXLITE_RESOURCE_EXHAUSTED, "out of memory"}, out_error);
  result->exit_code = running.exit_code;
  result->stdout_text = TextOrNull(running.output);
  result->stderr_text = TextOrNull(running.error_output);
  *out_result = result;
  return BOXLITE_OK;
}

void boxlite_simple_free(CBoxliteSimple* box_runner) {
  const std::unique_ptr<BoxRunner> owned(box_runner);
  if (!owned) return;
  char* id = boxlite_box_id(owned->box.get());
  Outcome removal;
  if (boxlite_remove(owned->runtime.get(), id, 1, OnDone, &removal, nullptr) == BOXLITE_OK) {
    DrainUntil(owned->runtime.get(), removal.done);
  }
  boxlite_free_string(id);
  owned->box.reset();
}

void boxlite_result_free(CBoxliteExecResult* result) {
  if (result == nullptr) return;
  std::free(result->stdout_text);
  std::free(result->stderr_text);
  std::free(result);
}

}  // extern "C"
