// The ABI's functions for executions.
#include "handles.h"
#include "posted.h"

using namespace boxlite::fault;

namespace {

constexpr int kMaxSignal = 64;

BoxliteErrorCode RegisterStream(CExecutionHandle* handle, int stream, const char* name, CBoxStdoutCb cb,
                                void* user_data, CBoxliteError* out) {
  if (handle == nullptr) return ReportNull("execution", out);
  if (cb == nullptr) return ReportNull("cb", out);
  Lock lock = Enter();
  Note(std::string("on_") + name);
  const Fault& fault = handle->execution->script().FaultOf(std::string("on") + name);
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out);
  if (handle->execution->RegisterStream(stream, cb, user_data)) return BOXLITE_OK;
  return Report(
      {BOXLITE_INVALID_STATE, std::string(name) + " callback already registered or stream unavailable"}, out);
}

/// A posted call on an execution whose work is done at once.
template <class Callback, class Act>
BoxliteErrorCode PostOn(CExecutionHandle* handle, const char* call, Callback cb, void* user_data,
                        CBoxliteError* out, Act act) {
  if (cb == nullptr) return ReportNull("cb", out);
  Lock lock = Enter();
  auto execution = handle->execution;
  Note(std::string("execution_") + call);
  return Post(
      lock, execution->queue(), execution->script().FaultOf(call), out,
      [execution, act] { return act(*execution); }, AnswerTo(cb, user_data));
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_execution_on_stdout(CExecutionHandle* execution, CBoxStdoutCb cb, void* user_data,
                                             CBoxliteError* out_error) {
  return RegisterStream(execution, BOXLITE_STREAM_STDOUT, "stdout", cb, user_data, out_error);
}

BoxliteErrorCode boxlite_execution_on_stderr(CExecutionHandle* execution, CBoxStderrCb cb, void* user_data,
                                             CBoxliteError* out_error) {
  return RegisterStream(execution, BOXLITE_STREAM_STDERR, "stderr", cb, user_data, out_error);
}

BoxliteErrorCode boxlite_execution_on_exit(CExecutionHandle* execution, CBoxExitCb cb, void* user_data,
                                           CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  Note("on_exit");
  const Fault& fault = execution->execution->script().FaultOf("onexit");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  execution->execution->RegisterExit(cb, user_data);
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_wait(CExecutionHandle* execution, CExecutionWaitCb cb, void* user_data,
                                        CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  const Fault& fault = execution->execution->script().FaultOf("onwait");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  auto waited = execution->execution;
  waited->Wait(cb, user_data);
  if (fault.hold) WaitUntil(lock, *fault.hold, [&] { return waited->queue()->closed(); });
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_write(CExecutionHandle* execution, const uint8_t* data, size_t len,
                                               CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (data == nullptr && len > 0) return ReportNull("data", out_error);
  if (len == 0) return BOXLITE_OK;
  Lock lock = Enter();
  const Fault& fault = execution->execution->script().FaultOf("write");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  auto failure = execution->execution->Write({reinterpret_cast<const char*>(data), len});
  return failure ? Report(failure, out_error) : BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_close(CExecutionHandle* execution, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  Lock lock = Enter();
  const Fault& fault = execution->execution->script().FaultOf("close");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  execution->execution->CloseStdin();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_kill(CExecutionHandle* execution, CExecutionKillCb cb, void* user_data,
                                        CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  constexpr int kKill = 9;
  return PostOn(execution, "kill", cb, user_data, out_error,
                [](Execution& self) { return self.Signal(kKill); });
}

BoxliteErrorCode boxlite_execution_signal(CExecutionHandle* execution, int sig, CExecutionSignalCb cb,
                                          void* user_data, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (sig < 1 || sig > kMaxSignal) {
    return Report({BOXLITE_INVALID_ARGUMENT, "signal must be in 1..=64, got " + std::to_string(sig)},
                  out_error);
  }
  return PostOn(execution, "signal", cb, user_data, out_error, [sig](Execution& self) -> Failure {
    constexpr int kFirstRealTime = 32;
    if (sig >= kFirstRealTime) return {BOXLITE_RPC, "unknown signal number " + std::to_string(sig)};
    return self.Signal(sig);
  });
}

BoxliteErrorCode boxlite_execution_tty_resize(CExecutionHandle* execution, int rows, int cols,
                                              CExecutionResizeCb cb, void* user_data,
                                              CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (rows <= 0 || cols <= 0)
    return Report({BOXLITE_INVALID_ARGUMENT, "rows and cols must be positive"}, out_error);
  return PostOn(execution, "resize", cb, user_data, out_error, [](Execution&) { return Failure{}; });
}

void boxlite_execution_free(CExecutionHandle* execution) {
  if (execution == nullptr) return;
  Lock lock = Enter();
  std::unique_ptr<ExecutionHandle> owned(execution);
  Note(owned->execution->queue()->drains_here() ? "execution_free on the drain thread" : "execution_free");
  owned->execution->Free(lock);
  owned.reset();
}

}  // extern "C"
