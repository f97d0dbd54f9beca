// Finds where a path leads, one step at a time.
#pragma once

#include <optional>
#include <string>

#include "engine/failure.h"
#include "engine/spawn.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

/// A folder, and a name in it that may or may not exist; without a name, the folder itself.
struct Place {
  UniqueFd folder;
  std::string name;
};

struct WalkRules {
  /// Whether anybody's links are followed. Else only those that root or this process's user made: what a
  /// box's own user plants must not lead the engine to where only the engine may go.
  bool trust_links = true;
  /// Follow a link that the path ends with.
  bool follow_last = false;
  /// Make folders that are missing, but for the last name.
  bool create = false;
  /// Whom these belong to; nothing: this process.
  std::optional<Identity> owner;
};

/// Walks an absolute path. One that ends in '/', '.' or '..' is a folder; any other ends in a name. Fails
/// with NotFound for a folder that is missing.
Place WalkPath(const std::string& path, const WalkRules& rules, Failure& failure);

}  // namespace boxlite::engine
