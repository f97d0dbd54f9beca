#include "exec/arrival_log.h"

namespace boxlite::exec {

namespace {

constexpr std::size_t kManyConsumed = 1024;

}  // namespace

void ArrivalLog::Append(Stream stream, std::size_t bytes) {
  if (stopped_ || bytes == 0) return;
  if (first_ < runs_.size() && runs_.back().stream == stream) {
    runs_.back().bytes += bytes;
  } else if (runs_.size() - first_ >= kMaxRuns) {
    // The run before the last is of the other stream, which is this one.
    runs_[runs_.size() - 2].bytes += bytes;
  } else {
    runs_.push_back({stream, bytes});
  }
}

void ArrivalLog::Consume(std::uint64_t bytes) {
  if (first_ == runs_.size()) return;
  runs_[first_].bytes -= bytes;
  if (runs_[first_].bytes > 0) return;
  ++first_;
  // Half of them at least, so that each run is moved once on average.
  if (first_ < runs_.size() && (first_ < kManyConsumed || first_ * 2 < runs_.size())) return;
  runs_.erase(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void ArrivalLog::Stop() {
  stopped_ = true;
  runs_ = {};
  first_ = 0;
}

}  // namespace boxlite::exec
