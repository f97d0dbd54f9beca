// Takes what a pipe holds without keeping its writer out for as long as the copy takes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

#include "engine/unique_fd.h"

namespace boxlite::engine {

/// A pipe of our own. A read copies with the pipe's lock held, and a writer on another processor spins on
/// that lock meanwhile; splice moves the pages of a full pipe in no time, and the copy out of this one is in
/// nobody's way. Not thread-safe.
class Siphon {
 public:
  /// read(2) of a pipe that does not block. Where the kernel refuses a pipe or a splice, it is just that.
  /// `broken`: set where what was moved could not be read in whole; what the pipe still holds comes behind a
  /// gap then.
  ssize_t Read(int pipe, std::span<std::uint8_t> memory, bool& broken);

 private:
  bool Open();
  void GiveUp();
  /// All of `memory`, which has been spliced in. What could not be read is dropped.
  ssize_t Empty(std::span<std::uint8_t> memory, bool& broken);

  UniqueFd in_;
  UniqueFd out_;
  bool refused_ = false;
};

}  // namespace boxlite::engine
