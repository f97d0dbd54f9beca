#include "exec/arrival_log.h"

namespace boxlite::exec {

void ArrivalLog::Append(Stream stream, std::size_t bytes) {
  if (stopped_ || bytes == 0) return;
  if (!runs_.empty() && runs_.back().stream == stream) {
    runs_.back().bytes += bytes;
  } else if (runs_.size() >= kMaxRuns) {
    // The run before the last is of the other stream, which is this one.
    runs_[runs_.size() - 2].bytes += bytes;
  } else {
    runs_.push_back({stream, bytes});
  }
}

void ArrivalLog::Consume(std::uint64_t bytes) {
  if (runs_.empty()) return;
  runs_.front().bytes -= bytes;
  if (runs_.front().bytes == 0) runs_.pop_front();
}

void ArrivalLog::Stop() {
  stopped_ = true;
  runs_.clear();
}

}  // namespace boxlite::exec
