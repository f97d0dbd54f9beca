#include "ffi/command.h"

#include "ffi/box_options.h"
#include "ffi/callbacks.h"

namespace boxlite::ffi {

namespace {

/// A command as the ABI takes it; lives as long as it points into the command.
class RawCommand {
 public:
  explicit RawCommand(const Command& command) : args_(CStrings(command.args)), env_(CStrings(command.env)) {
    raw_.command = command.command.c_str();
    raw_.args = args_.empty() ? nullptr : args_.data();
    raw_.argc = static_cast<int>(args_.size());
    raw_.env_pairs = env_.empty() ? nullptr : env_.data();
    raw_.env_count = static_cast<int>(env_.size());
    raw_.workdir = command.workdir ? command.workdir->c_str() : nullptr;
    raw_.user = command.user ? command.user->c_str() : nullptr;
    raw_.timeout_secs = command.timeout ? std::chrono::duration<double>(*command.timeout).count() : 0;
    raw_.tty = command.tty ? 1 : 0;
  }
  const BoxliteCommand* get() const { return &raw_; }

 private:
  std::vector<const char*> args_;
  std::vector<const char*> env_;
  BoxliteCommand raw_{};
};

}  // namespace

Result<ExecutionHandle> Exec(const std::shared_ptr<const Library>& library, CBoxHandle* box,
                             const Command& command) {
  const RawCommand raw_command(command);
  const Api& api = library->api();
  CExecutionHandle* raw = nullptr;
  ErrorSlot error(api);
  auto code = api.box_exec(box, raw_command.get(), &raw, error.out());
  if (code != BOXLITE_OK) return error.Take(code, "box.exec");
  if (raw == nullptr)
    return MakeError(ErrorCode::kInternal, "the engine reported success without an execution", "box.exec");
  return ExecutionHandle(raw, {library});
}

bool PostExec(Runtime& runtime, CBoxHandle* box, const Command& command,
              Completion<std::shared_ptr<ExecutionHandle>> done) {
  auto post_exec = runtime.library()->api().box_exec_posted;
  if (post_exec == nullptr) return false;
  const RawCommand raw_command(command);
  const auto size = command.tty_size.value_or(Command::Size{0, 0});
  runtime.PostCall<std::shared_ptr<ExecutionHandle>>(
      "box.exec", std::move(done), [&](void* user_data, CBoxliteError* error) {
        return post_exec(box, raw_command.get(), size.rows, size.cols, command.no_stdin ? 1 : 0, OnExecution,
                         user_data, error);
      });
  return true;
}

}  // namespace boxlite::ffi
