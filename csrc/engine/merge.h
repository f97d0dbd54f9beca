// Puts a tree that was copied next to its place into it.
#pragma once

#include <string>

#include "engine/copy_tree.h"

namespace boxlite::engine {

struct MergeRules {
  bool overwrite = true;
  /// The path of the folder, for messages.
  std::string shown;
  CopyRules copy;
};

/// Moves everything in `staged` into `folder`. Folders that exist are kept as they are and merged into, files
/// and links are replaced, links never followed. What stands in the way (a file where a folder goes, or
/// anything without `overwrite`) is a failure before anything is moved. Blocks.
Failure Merge(int staged, int folder, const MergeRules& rules);

}  // namespace boxlite::engine
