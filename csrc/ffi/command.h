// What to run in a box.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ffi/handles.h"
#include "ffi/runtime.h"

namespace boxlite::ffi {

struct Command {
  std::string command;
  std::vector<std::string> args;  // without argv[0]
  std::vector<std::string> env;   // k0, v0, k1, v1, …
  std::optional<std::string> workdir;
  std::optional<std::string> user;
  std::optional<std::chrono::duration<double, std::milli>> timeout;
  bool tty = false;
  /// The terminal's size from the start; an engine that can't is resized right after it.
  struct Size {
    int cols;
    int rows;
  };
  std::optional<Size> tty_size;
  /// Its standard input ends before it begins.
  bool no_stdin = false;
  /// Whoever starts it waits for its end alone, and need not be told of its start before that.
  bool quiet_start = false;
};

/// Starts a command. Blocks, for as long as a box boots: call executor only.
Result<ExecutionHandle> Exec(const std::shared_ptr<const Library>& library, CBoxHandle* box,
                             const Command& command);

/// The same without blocking, where the engine can: false where it can't, and nothing has happened. `done`
/// runs on a thread of the engine's, or on the one that closes the runtime; it must not block.
bool PostExec(Runtime& runtime, CBoxHandle* box, const Command& command,
              Completion<std::shared_ptr<ExecutionHandle>> done);

}  // namespace boxlite::ffi
