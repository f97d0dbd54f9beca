// In which order the bytes of two streams came, for a reader of both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exec/stream.h"

namespace boxlite::exec {

/// Runs of bytes of one stream. Kept until a reader of a single stream attaches. Guarded by its Execution's
/// lock.
class ArrivalLog {
 public:
  struct Run {
    Stream stream;
    std::uint64_t bytes;
  };

  /// Where the streams alternate more often than this, further bytes join the last run of their stream: they
  /// are given complete, but no longer strictly in order of arrival.
  static constexpr std::size_t kMaxRuns = std::size_t{1} << 20;

  void Append(Stream stream, std::size_t bytes);
  /// Null when nothing is logged.
  const Run* front() const { return first_ == runs_.size() ? nullptr : &runs_[first_]; }
  void Consume(std::uint64_t bytes);
  /// Logs nothing any more.
  void Stop();

 private:
  // Consumed ones are at the beginning until there are many: an empty deque takes 600 bytes, and most
  // executions never log much.
  std::vector<Run> runs_;
  std::size_t first_ = 0;
  bool stopped_ = false;
};

}  // namespace boxlite::exec
