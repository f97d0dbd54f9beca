#include "exec/stream_pump.h"

namespace boxlite::exec {

StreamPump::Fate StreamPump::Append(std::span<const std::uint8_t> chunk) {
  if (chunk.empty()) return Fate::kKept;
  if (ended_) {
    ++late_chunks_;
    return Fate::kDiscarded;
  }
  if (reader_ == Reader::kLeft) return Fate::kDiscarded;
  if (reader_ == Reader::kGathering) {
    return gathering_ ? gathering_->Append(chunk) : Fate::kDiscarded;
  }
  if (spool_.size() + chunk.size() > limits_.total) return Fate::kOverLimit;
  return spool_.Append(chunk) ? Fate::kKept : Fate::kDiskFailed;
}

bool StreamPump::Attach() {
  if (reader_ != Reader::kNone) return false;
  reader_ = Reader::kAttached;
  return true;
}

void StreamPump::Gather(std::unique_ptr<Gathering> gathering) {
  reader_ = Reader::kGathering;
  waiting_ = false;
  gathering_ = std::move(gathering);
}

void StreamPump::Leave() {
  reader_ = Reader::kLeft;
  waiting_ = false;
  gathering_.reset();
  missing_.reset();
  spool_.Clear();
}

void StreamPump::Close() {
  if (reader_ == Reader::kGathering && ended_) return;
  cut_off_ = reader_ == Reader::kGathering || (reader_ == Reader::kAttached && !told_);
  const bool waited = waiting_;
  Leave();
  waiting_ = waited;
}

StreamPump::Next StreamPump::Peek() {
  if (spool_.in_memory() > 0) return Next::kBytes;
  if (!spool_.empty()) return Next::kFile;
  if (ended_) {
    told_ = true;
    return Next::kEnd;
  }
  waiting_ = true;
  return Next::kNothingYet;
}

bool StreamPump::TakeWake() {
  if (!waiting_ || (spool_.empty() && !ended_ && !cut_off_)) return false;
  waiting_ = false;
  return true;
}

bool StreamPump::WantsPause() {
  // Between the two marks it stays as it was.
  const std::uint64_t mark = limits_.memory / 4 * (pause_ ? 1 : 3);
  const bool full = pause_ ? spool_.size() > mark : spool_.size() >= mark;
  pause_ = reader_ == Reader::kAttached && !ended_ && full;
  return pause_;
}

}  // namespace boxlite::exec
