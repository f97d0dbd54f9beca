#include "ffi/command.h"

#include "ffi/box_options.h"

namespace boxlite::ffi {

Result<ExecutionHandle> Exec(const std::shared_ptr<const Library>& library, CBoxHandle* box,
                             const Command& command) {
  auto args = CStrings(command.args);
  auto env = CStrings(command.env);
  BoxliteCommand raw_command{};
  raw_command.command = command.command.c_str();
  raw_command.args = args.empty() ? nullptr : args.data();
  raw_command.argc = static_cast<int>(args.size());
  raw_command.env_pairs = env.empty() ? nullptr : env.data();
  raw_command.env_count = static_cast<int>(env.size());
  raw_command.workdir = command.workdir ? command.workdir->c_str() : nullptr;
  raw_command.user = command.user ? command.user->c_str() : nullptr;
  raw_command.timeout_secs = command.timeout ? std::chrono::duration<double>(*command.timeout).count() : 0;
  raw_command.tty = command.tty ? 1 : 0;

  const Api& api = library->api();
  CExecutionHandle* raw = nullptr;
  ErrorSlot error(api);
  auto code = api.box_exec(box, &raw_command, &raw, error.out());
  if (code != BOXLITE_OK) return error.Take(code, "box.exec");
  if (raw == nullptr)
    return MakeError(ErrorCode::kInternal, "the engine reported success without an execution", "box.exec");
  return ExecutionHandle(raw, {library});
}

}  // namespace boxlite::ffi
