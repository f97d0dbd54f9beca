// What to run in a box.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ffi/handles.h"

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
};

/// Starts a command. Blocks, for as long as a box boots: call executor only.
Result<ExecutionHandle> Exec(const std::shared_ptr<const Library>& library, CBoxHandle* box,
                             const Command& command);

}  // namespace boxlite::ffi
