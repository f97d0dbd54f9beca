// Starts one process at a cost that does not grow with the memory of this one.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/failure.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

/// Who a process runs as; looked up before the start, because the child may not.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

/// Everything a start needs, prepared: the child only makes system calls with it.
struct SpawnPlan {
  std::string path;  // resolved
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // KEY=value
  std::string workdir;
  std::optional<Identity> identity;  // nothing: as this process
  int stdio[3] = {-1, -1, -1};       // each 3 or more
  bool tty = false;                  // stdio[0] becomes the controlling terminal
  bool dies_with_parent = true;      // "parent" is the thread that calls Spawn
};

struct Spawned {
  pid_t pid = 0;
  UniqueFd pidfd;
};

/// Starts a process in a session of its own. Blocks until the program was loaded or has failed to. On failure
/// `failure` says what could not be done, with the text of errno.
Spawned Spawn(const SpawnPlan& plan, Failure& failure);

/// Whether the calling thread, which is to call Spawn, runs beside whoever wakes it, and not instead: a
/// thread that slept goes first where it is woken, and holds its caller up for as long as a start takes. With
/// many starts at once the more is done in all when it does. What it starts runs as usual in any case. Leaves
/// a thread alone that has a policy of its own.
void YieldToCallers(bool yields);

}  // namespace boxlite::engine
