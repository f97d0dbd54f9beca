// What became of a chunk that a stream brought.
#pragma once

namespace boxlite::exec {

enum class ChunkFate {
  kKept,
  kDiscarded,
  kOverLimit,   // past the bound of what may lie unread
  kDiskFailed,  // it had to go to disk, which refused
  kNoMemory,
  kTooMuch,  // for one value
};

/// Whether it is not missed: kept, or wanted by nobody.
constexpr bool IsFine(ChunkFate fate) { return fate == ChunkFate::kKept || fate == ChunkFate::kDiscarded; }

}  // namespace boxlite::exec
