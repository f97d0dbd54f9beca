// One copy, from here into a box or out of it.
#pragma once

#include <string>

#include "engine/copy_tree.h"

namespace boxlite::engine {

struct CopyPlan {
  /// Absolute.
  std::string from;
  std::string to;
  /// Whether links on the way are followed whoever made them; see WalkRules.
  bool trust_source = true;
  bool trust_target = true;
  bool overwrite = true;
  CopyRules rules;
};

/// A file or link goes to `to`, or, where that ends in '/' or is a folder, into it under its own name. The
/// contents of a folder are merged into `to`, which is made if need be. Everything is copied next to where it
/// goes first and then put in place by renaming, so that a failed copy leaves nothing behind. Without
/// `overwrite`, AlreadyExists before anything is changed. Blocks; no lock.
Failure Copy(const CopyPlan& plan);

}  // namespace boxlite::engine
