// Processes of a box that left their process group.
#pragma once

#include <string>

namespace boxlite::engine {

/// The variable that every process of a box carries, and with it what it started.
inline constexpr char kBoxVariable[] = "BOXLITE_BOX";

/// Kills every process that carries the box's id in its environment, until none is found. Blocks; no lock.
void KillStragglers(const std::string& box_id);

}  // namespace boxlite::engine
