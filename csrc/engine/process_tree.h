// What the processes of a box use.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace boxlite::engine {

struct TreeUsage {
  /// Of those that live now, and of the children they have waited for.
  double cpu_seconds = 0;
  /// Resident; pages that processes share count for each of them.
  std::int64_t memory_bytes = 0;
};

/// Looks at the leaders, all their descendants, and whatever carries the box's id in its environment. Reads
/// all of /proc: some milliseconds; no lock.
TreeUsage MeasureTree(const std::string& box_id, const std::vector<pid_t>& leaders);

}  // namespace boxlite::engine
