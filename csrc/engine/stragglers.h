// Processes of a box that left their process group.
#pragma once

#include <set>
#include <string>

#include "engine/proc_files.h"

namespace boxlite::engine {

/// Kills every process that carries the id of one of these boxes in its environment, until none is found.
/// Blocks; no lock.
void KillStragglers(const std::set<std::string>& box_ids);

}  // namespace boxlite::engine
