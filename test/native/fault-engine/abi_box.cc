// The ABI's functions for boxes.
#include "handles.h"
#include "posted.h"

using namespace boxlite::fault;

namespace {

/// A new handle to the box's life, or to a new one; under the lock.
CBoxHandle* NewHandle(const std::shared_ptr<Runtime>& runtime, const std::shared_ptr<Box>& box) {
  auto life = box->life.lock();
  if (!life) box->life = life = std::make_shared<Life>();
  ++box->handles;
  return std::unique_ptr<BoxHandle>(new BoxHandle{runtime, box, std::move(life)}).release();
}

/// Made when it is dispatched, so that nothing is left where the queue is closed before.
CBoxHandle* HandleFor(const std::shared_ptr<Runtime>& runtime, const std::shared_ptr<Box>& box,
                      const Failure& failure, bool null) {
  if (failure || null || !box) return nullptr;
  Lock lock = Enter();
  return NewHandle(runtime, box);
}

Failure StartBox(CBoxHandle& handle) {
  if (handle.life->over) return {BOXLITE_STOPPED, "the box of this handle was stopped"};
  if (handle.runtime->shut_down)
    return {BOXLITE_STOPPED, "Cannot start: runtime has been shut down or closed"};
  handle.box->status = "running";
  return {};
}

/// The machine goes down by itself, as when its main command exits: the spent life stays as long as somebody
/// refers to it.
void StopByItself(const std::shared_ptr<Box>& box) {
  if (auto life = box->life.lock()) life->over = true;
  box->status = "stopped";
  box->EndExecutions();
}

/// A script's or the box's fault of starting a command.
const Fault& ExecFault(const Script& command, const Box& box) {
  const Fault& own = command.FaultOf("exec");
  return own.returned || own.hold || own.null ? own : box.script.FaultOf("exec");
}

std::string Words(const char* const* words, int count, bool pairs) {
  std::string text;
  // Elements that are no text are skipped, which shifts pairs: H20.
  bool key = true;
  for (int i = 0; words != nullptr && i < count; ++i) {
    if (words[i] == nullptr || CheckText(words[i], nullptr) != BOXLITE_OK) continue;
    text += std::string(words[i]) + (pairs && key ? "=" : "\n");
    key = !key;
  }
  return text;
}

BoxliteErrorCode Exec(Lock& lock, CBoxHandle& handle, Script script, const BoxliteCommand& cmd,
                      CExecutionHandle** out, CBoxliteError* out_error) {
  const Fault fault = ExecFault(script, *handle.box);
  if (fault.hold) WaitUntil(lock, *fault.hold, [] { return false; });
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  if (auto failure = StartBox(handle)) return Report(failure, out_error);
  if (fault.null) return BOXLITE_OK;
  Started started{Words(cmd.args, cmd.argc, false), Words(cmd.env_pairs, cmd.env_count, true),
                  cmd.workdir == nullptr ? "" : cmd.workdir};
  auto stop_box = [weak = std::weak_ptr(handle.box)] {
    if (auto box = weak.lock()) StopByItself(box);
  };
  auto execution =
      std::make_shared<Execution>(handle.runtime->queue, std::move(script), std::move(started), stop_box);
  handle.box->executions.push_back(execution);
  execution->Begin(lock);
  *out = std::unique_ptr<ExecutionHandle>(new ExecutionHandle{execution}).release();
  return BOXLITE_OK;
}

/// Posts what a name stands for to a callback that takes a box.
template <class Answer>
BoxliteErrorCode PostCreated(CBoxliteRuntime* runtime, CBoxliteOptions* opts, bool get, CBoxliteError* out,
                             Answer answer) {
  Lock lock = Enter();
  auto self = runtime->runtime;
  Script script;
  std::string bad;
  ParseNamed(opts->options.image, script, bad);
  const Fault& fault = script.FaultOf("create");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out);
  // Consumed from here on.
  const Options options = std::unique_ptr<OptionsHandle>(opts)->options;
  auto box = std::make_shared<std::shared_ptr<Box>>();
  auto created = std::make_shared<bool>(false);
  auto act = [self, options, get, box, created] {
    Failure failure;
    if (get) *box = self->FindByName(options.name);
    if (*box) return failure;
    *box = self->Create(options, failure);
    *created = !failure;
    return failure;
  };
  return Post(lock, self->queue, fault, out, act,
              [self, box, created, answer](const Failure& failure, bool null) {
                CallbackError error(failure);
                answer(HandleFor(self, *box, failure, null), *created, error.get());
              });
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_create_box(CBoxliteRuntime* runtime, CBoxliteOptions* opts, CBoxCreateBoxCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (opts == nullptr) return ReportNull("opts", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  return PostCreated(
      runtime, opts, false, out_error,
      [cb, user_data](CBoxHandle* box, bool, CBoxliteError* error) { cb(box, error, user_data); });
}

BoxliteErrorCode boxlite_get_or_create_box(CBoxliteRuntime* runtime, CBoxliteOptions* opts,
                                           CBoxGetOrCreateBoxCb cb, void* user_data,
                                           CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (opts == nullptr) return ReportNull("opts", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  return PostCreated(runtime, opts, true, out_error,
                     [cb, user_data](CBoxHandle* box, bool created, CBoxliteError* error) {
                       cb(box, created, error, user_data);
                     });
}

BoxliteErrorCode boxlite_get(CBoxliteRuntime* runtime, const char* id_or_name, CBoxGetBoxCb cb,
                             void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  Lock lock = Enter();
  auto self = runtime->runtime;
  auto box = std::make_shared<std::shared_ptr<Box>>();
  auto act = [self, box, wanted = std::string(id_or_name)] {
    Failure failure;
    *box = self->Find(wanted, failure);
    return failure;
  };
  return Post(lock, self->queue, self->script.FaultOf("get"), out_error, act,
              [self, box, cb, user_data](const Failure& failure, bool null) {
                CallbackError error(failure);
                cb(HandleFor(self, *box, failure, null), error.get(), user_data);
              });
}

BoxliteErrorCode boxlite_start_box(CBoxHandle* handle, CBoxStartBoxCb cb, void* user_data,
                                   CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  Note("start_box " + handle->box->options.name);
  // The work refers to the life, not to the handle, which may be freed meanwhile.
  auto act = [runtime = handle->runtime, box = handle->box, life = handle->life] {
    BoxHandle view{runtime, box, life};
    return StartBox(view);
  };
  return Post(lock, handle->runtime->queue, handle->box->script.FaultOf("start"), out_error, act,
              AnswerTo(cb, user_data));
}

BoxliteErrorCode boxlite_stop_box(CBoxHandle* handle, CBoxStopBoxCb cb, void* user_data,
                                  CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  Note("stop_box " + handle->box->options.name);
  auto act = [runtime = handle->runtime, box = handle->box]() -> Failure {
    runtime->Stop(box);
    return {};
  };
  return Post(lock, handle->runtime->queue, handle->box->script.FaultOf("stop"), out_error, act,
              AnswerTo(cb, user_data));
}

BoxliteErrorCode boxlite_remove(CBoxliteRuntime* runtime, const char* id_or_name, int force,
                                CBoxRemoveBoxCb cb, void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  Lock lock = Enter();
  auto self = runtime->runtime;
  auto act = [self, wanted = std::string(id_or_name), force] {
    Failure failure;
    auto box = self->Find(wanted, failure);
    if (!box) return failure;
    if (box->running() && force == 0) return Failure{BOXLITE_INVALID_STATE, "box is running"};
    // A lost connection leaves its words in the stream: H26.
    for (const auto& weak : std::exchange(box->executions, {})) {
      if (auto execution = weak.lock()) execution->Lose("Attach stream error: connection closed");
    }
    if (auto life = box->life.lock()) life->over = true;
    box->status = "stopped";
    self->Erase(box);
    return failure;
  };
  return Post(lock, self->queue, self->script.FaultOf("remove"), out_error, act, AnswerTo(cb, user_data));
}

char* boxlite_box_id(CBoxHandle* handle) { return handle == nullptr ? nullptr : CopyOut(handle->box->id); }

void boxlite_box_free(CBoxHandle* handle) {
  if (handle == nullptr) return;
  Lock lock = Enter();
  std::unique_ptr<BoxHandle> owned(handle);
  auto box = owned->box;
  Note("box_free " + box->options.name);
  if (const auto& hold = box->script.FaultOf("box-free").hold) WaitUntil(lock, *hold, [] { return false; });
  owned.reset();
  TheWorld().changed.notify_all();
  // The last one keeps the machine of a box that is not detached alive: H37.
  if (--box->handles > 0 || !box->running() || box->options.detach) return;
  Note("last handle freed " + box->options.name);
  StopByItself(box);
}

BoxliteErrorCode boxlite_box_exec(CBoxHandle* handle, const BoxliteCommand* cmd,
                                  CExecutionHandle** out_execution, CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cmd == nullptr) return ReportNull("cmd", out_error);
  if (out_execution == nullptr) return ReportNull("out_execution", out_error);
  *out_execution = nullptr;
  if (CheckText(cmd->command, out_error) != BOXLITE_OK) return BOXLITE_INTERNAL;
  if (cmd->timeout_secs < 0) {
    return Report({BOXLITE_INVALID_ARGUMENT, "timeout_seconds must be a non-negative finite number"},
                  out_error);
  }
  Lock lock = Enter();
  Script script;
  std::string bad;
  if (!Parse(cmd->command, script, bad)) return Report({BOXLITE_INVALID_ARGUMENT, bad}, out_error);
  Note("box_exec " + handle->box->status);
  return Exec(lock, *handle, std::move(script), *cmd, out_execution, out_error);
}

}  // extern "C"
