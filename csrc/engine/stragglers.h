// Processes of a box that left their process group.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "engine/proc_files.h"

namespace boxlite::engine {

/// Kills every process that carries the id of one of these boxes in its environment, until none is found.
/// Blocks; no lock.
void KillStragglers(const std::set<std::string>& box_ids);
/// Asks them to end, by SIGTERM, and waits until they have, or until `give_up` says so. Blocks; no lock.
void TerminateStragglers(const std::set<std::string>& box_ids, const std::function<bool()>& give_up);

}  // namespace boxlite::engine
