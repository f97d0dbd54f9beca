// The ABI's functions for executions.
#include <sys/ioctl.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "engine/runtime.h"

using namespace boxlite::engine;

namespace {

constexpr int kMaxSignal = 64;
constexpr int kMaxTerminal = 65535;

BoxliteErrorCode Register(CExecutionHandle* execution, int stream, const char* name, CBoxStdoutCb cb,
                          void* user_data, CBoxliteError* out) {
  if (execution == nullptr) return ReportNull("execution", out);
  if (cb == nullptr) return ReportNull("cb", out);
  std::lock_guard lock(execution->runtime->loop()->mutex);
  if (execution->process->output(stream).Register(cb, user_data)) return BOXLITE_OK;
  return Report(
      {BOXLITE_INVALID_STATE, std::string(name) + " callback already registered or stream unavailable"}, out);
}

BoxliteErrorCode CheckStream(int stream, CBoxliteError* out) {
  if (stream == BOXLITE_STREAM_STDOUT || stream == BOXLITE_STREAM_STDERR) return BOXLITE_OK;
  return Report(
      {BOXLITE_INVALID_ARGUMENT, "stream must be 1 (stdout) or 2 (stderr), got " + std::to_string(stream)},
      out);
}

/// Does something with a process under the lock and posts how it went.
template <class Callback, class Action>
BoxliteErrorCode PostAction(CExecutionHandle* execution, Callback cb, void* user_data, CBoxliteError* out,
                            Action action) {
  if (cb == nullptr) return ReportNull("cb", out);
  auto& loop = *execution->runtime->loop();
  std::lock_guard lock(loop.mutex);
  Failure failure = action(*execution->process);
  loop.Post([done = AnswerTo(cb, user_data), failure] { done(failure); });
  return BOXLITE_OK;
}

Failure SendSignal(Process& process, int signal) {
  // The C library keeps these two for itself, and no guest would take the rest of the real-time ones.
  if (signal >= 32 && signal < SIGRTMIN)
    return {BOXLITE_RPC, "unknown signal number " + std::to_string(signal)};
  if (process.Signal(signal)) return {};
  return {BOXLITE_INTERNAL, "Failed to send signal: the process has ended"};
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_box_exec(CBoxHandle* handle, const BoxliteCommand* cmd,
                                  CExecutionHandle** out_execution, CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cmd == nullptr) return ReportNull("cmd", out_error);
  if (out_execution == nullptr) return ReportNull("out_execution", out_error);
  *out_execution = nullptr;
  Command command;
  if (auto code = ReadCommand(*cmd, command, out_error)) return code;
  Failure failure;
  auto process = handle->runtime->Exec(handle->box, handle->epoch, command, failure);
  if (!process) return Report(failure, out_error);
  *out_execution =
      std::make_unique<ExecutionHandle>(ExecutionHandle{handle->runtime, std::move(process)}).release();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_box_exec_posted(CBoxHandle* handle, const BoxliteCommand* cmd, int rows, int cols,
                                         int no_stdin, CBoxExecCb cb, void* user_data,
                                         CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cmd == nullptr) return ReportNull("cmd", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Command command;
  if (auto code = ReadCommand(*cmd, command, out_error)) return code;
  if (rows > kMaxTerminal || cols > kMaxTerminal) {
    return Report({BOXLITE_INVALID_ARGUMENT, "a terminal has at most 65535 rows and columns"}, out_error);
  }
  command.rows = rows;
  command.cols = cols;
  command.no_stdin = no_stdin != 0;
  auto answer = [cb, user_data, runtime = handle->runtime](std::shared_ptr<Process> process,
                                                           const Failure& failure) {
    CallbackError error(failure);
    auto execution =
        process ? std::make_unique<ExecutionHandle>(ExecutionHandle{runtime, std::move(process)}) : nullptr;
    cb(execution.release(), error.get(), user_data);
  };
  if (handle->runtime->PostExec(handle->box, handle->epoch, std::move(command), std::move(answer)))
    return BOXLITE_OK;
  return Report({BOXLITE_STOPPED, "Cannot exec: runtime has been shut down or closed"}, out_error);
}

BoxliteErrorCode boxlite_execution_on_stdout(CExecutionHandle* execution, CBoxStdoutCb cb, void* user_data,
                                             CBoxliteError* out_error) {
  return Register(execution, BOXLITE_STREAM_STDOUT, "stdout", cb, user_data, out_error);
}

BoxliteErrorCode boxlite_execution_on_stderr(CExecutionHandle* execution, CBoxStderrCb cb, void* user_data,
                                             CBoxliteError* out_error) {
  return Register(execution, BOXLITE_STREAM_STDERR, "stderr", cb, user_data, out_error);
}

BoxliteErrorCode boxlite_execution_on_exit(CExecutionHandle* execution, CBoxExitCb cb, void* user_data,
                                           CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  std::lock_guard lock(execution->runtime->loop()->mutex);
  execution->process->OnExit(cb, user_data);
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_set_stream_paused(CExecutionHandle* execution, int stream, int paused,
                                                     CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (auto code = CheckStream(stream, out_error)) return code;
  std::lock_guard lock(execution->runtime->loop()->mutex);
  execution->process->SetPaused(stream, paused != 0);
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_write(CExecutionHandle* execution, const uint8_t* data, size_t len,
                                               CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (data == nullptr && len > 0) return ReportNull("data", out_error);
  if (len == 0) return BOXLITE_OK;
  std::lock_guard lock(execution->runtime->loop()->mutex);
  auto failure = execution->process->input().Write(data, len);
  return failure ? Report(failure, out_error) : BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_try_write(CExecutionHandle* execution, const uint8_t* data,
                                                   size_t len, size_t* taken, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (taken == nullptr) return ReportNull("taken", out_error);
  *taken = 0;
  if (data == nullptr && len > 0) return ReportNull("data", out_error);
  if (len == 0) return BOXLITE_OK;
  std::lock_guard lock(execution->runtime->loop()->mutex);
  auto failure = execution->process->input().TryWrite(data, len, *taken);
  return failure ? Report(failure, out_error) : BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_close(CExecutionHandle* execution, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  std::lock_guard lock(execution->runtime->loop()->mutex);
  execution->process->input().CloseAfterQueue();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_stdin_flush(CExecutionHandle* execution, CExecutionSignalCb cb,
                                               void* user_data, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  std::lock_guard lock(execution->runtime->loop()->mutex);
  execution->process->input().Flush(AnswerTo(cb, user_data));
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_wait(CExecutionHandle* execution, CExecutionWaitCb cb, void* user_data,
                                        CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  std::lock_guard lock(execution->runtime->loop()->mutex);
  execution->process->Wait([cb, user_data](int code, const Failure& failure) {
    CallbackError error(failure);
    cb(code, error.get(), user_data);
  });
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_execution_kill(CExecutionHandle* execution, CExecutionKillCb cb, void* user_data,
                                        CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  return PostAction(execution, cb, user_data, out_error,
                    [](Process& process) { return SendSignal(process, SIGKILL); });
}

BoxliteErrorCode boxlite_execution_signal(CExecutionHandle* execution, int sig, CExecutionSignalCb cb,
                                          void* user_data, CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (sig < 1 || sig > kMaxSignal) {
    return Report({BOXLITE_INVALID_ARGUMENT, "signal must be in 1..=64, got " + std::to_string(sig)},
                  out_error);
  }
  return PostAction(execution, cb, user_data, out_error,
                    [sig](Process& process) { return SendSignal(process, sig); });
}

BoxliteErrorCode boxlite_execution_tty_resize(CExecutionHandle* execution, int rows, int cols,
                                              CExecutionResizeCb cb, void* user_data,
                                              CBoxliteError* out_error) {
  if (execution == nullptr) return ReportNull("execution", out_error);
  if (rows <= 0 || cols <= 0)
    return Report({BOXLITE_INVALID_ARGUMENT, "rows and cols must be positive"}, out_error);
  return PostAction(execution, cb, user_data, out_error, [rows, cols](Process& process) -> Failure {
    if (process.terminal() < 0) return {BOXLITE_INTERNAL, "the execution has no terminal"};
    if (rows > kMaxTerminal || cols > kMaxTerminal)
      return {BOXLITE_RPC, "a terminal has at most 65535 rows and columns"};
    const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(cols), 0, 0};
    if (ioctl(process.terminal(), TIOCSWINSZ, &size) == 0) return {};
    return {BOXLITE_INTERNAL, std::string("cannot resize: ") + std::strerror(errno)};
  });
}

void boxlite_execution_free(CExecutionHandle* execution) {
  std::unique_ptr<ExecutionHandle> owned(execution);
  if (owned) owned->process->Release();
}

}  // extern "C"
