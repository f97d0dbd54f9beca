// Three low descriptors, kept, through which each new process is given its own 0 to 2.
#pragma once

#include <array>

#include "engine/unique_fd.h"

namespace boxlite::engine {

/// A process that is started shares the table of descriptors until it has one of its own, which holds only
/// what is numbered up to `highest()`: neither a copy of all that this process has open is made, nor is each
/// closed again, which with thousands of running commands cost more than all the rest of a start. Not
/// thread-safe: one for each thread that starts processes.
class StdioSlots {
 public:
  StdioSlots();

  /// Lends the slots to these descriptors. False where the kernel or the limit of open files refuses: then
  /// the table has to be copied.
  bool Fill(const int (&stdio)[3]);
  /// Lets go of what the slots were lent to, or a pipe would never end.
  void Empty();

  const std::array<int, 3>& fds() const { return fds_; }
  int highest() const { return highest_; }

 private:
  UniqueFd null_;
  UniqueFd slots_[3];
  std::array<int, 3> fds_{-1, -1, -1};
  int highest_ = -1;
  bool usable_ = false;
};

}  // namespace boxlite::engine
