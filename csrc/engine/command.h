// A command as the ABI gives it, checked, and made ready to start.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/box.h"
#include "engine/spawn.h"

namespace boxlite::engine {

struct Command {
  std::string program;
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;
  std::string workdir;
  std::string user;
  std::optional<double> timeout_seconds;
  bool tty = false;
  int rows = 0;  // of the terminal, with cols; 0: that of the host's
  int cols = 0;
  bool no_stdin = false;  // its input has ended before it starts
};

/// Copies a command. On failure `out` is written and the code returned.
BoxliteErrorCode ReadCommand(const BoxliteCommand& raw, Command& command, CBoxliteError* out);

/// Fills in everything but the descriptors: environment, identity, the program's path.
Failure Plan(const Command& command, const std::string& box_id, const Options& options, SpawnPlan& plan);

}  // namespace boxlite::engine
