// One stream's output as one value: its first bytes, and its very last ones where not all are kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exec/chunk_fate.h"
#include "exec/gather_memory.h"

namespace boxlite::exec {

/// Not thread-safe; the lock of its owner guards it.
class Gathering {
 public:
  /// How much of the end is kept of what passes the bound.
  static constexpr std::size_t kTailBytes = 4096;
  /// Below this the bytes are in `small()`, from there on in `large()`.
  static constexpr std::size_t kSmallBytes = 64 * 1024;
  /// What one Buffer can hold at most, in every version of Node.
  static constexpr std::size_t kMostBytes = 4ULL * 1024 * 1024 * 1024 - 1;

  /// @param bound - How many bytes are kept; what comes after them is counted as cut off.
  explicit Gathering(std::uint64_t bound) : bound_(bound) {}

  using Fate = ChunkFate;
  /// kKept, kNoMemory or kTooMuch; after these two it is of no use any more.
  Fate Append(std::span<const std::uint8_t> chunk);

  bool truncated() const { return truncated_; }
  std::size_t size() const { return large_.size() > 0 ? large_.size() : small_.size(); }
  bool is_large() const { return large_.size() > 0; }
  std::span<const std::uint8_t> small() const { return small_; }
  GatherMemory& large() { return large_; }
  /// The last bytes that came; only if it was truncated.
  std::span<const std::uint8_t> tail() const { return tail_; }

 private:
  Fate Keep(std::span<const std::uint8_t> part);
  void KeepTail(std::span<const std::uint8_t> chunk);
  std::span<const std::uint8_t> kept() const { return is_large() ? large_.bytes() : small(); }

  const std::uint64_t bound_;
  std::vector<std::uint8_t> small_;
  GatherMemory large_;
  bool truncated_ = false;
  std::vector<std::uint8_t> tail_;
};

}  // namespace boxlite::exec
