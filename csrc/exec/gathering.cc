#include "exec/gathering.h"

#include <algorithm>
#include <utility>

namespace boxlite::exec {

namespace {

std::span<const std::uint8_t> LastOf(std::span<const std::uint8_t> bytes, std::size_t count) {
  return bytes.last(std::min(count, bytes.size()));
}

}  // namespace

Gathering::Fate Gathering::Append(std::span<const std::uint8_t> chunk) {
  const std::uint64_t room = bound_ - size();
  const auto part = chunk.first(static_cast<std::size_t>(std::min<std::uint64_t>(room, chunk.size())));
  if (part.size() < chunk.size() && !std::exchange(truncated_, true)) {
    const auto end = LastOf(kept(), kTailBytes);
    tail_.assign(end.begin(), end.end());
  }
  if (truncated_) KeepTail(chunk);
  return part.empty() ? Fate::kKept : Keep(part);
}

Gathering::Fate Gathering::Keep(std::span<const std::uint8_t> part) {
  if (size() + part.size() > kMostBytes) return Fate::kTooMuch;
  if (!is_large() && small_.size() + part.size() <= kSmallBytes) {
    small_.insert(small_.end(), part.begin(), part.end());
    return Fate::kKept;
  }
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(bound_, kMostBytes));
  if (!small_.empty()) {
    if (!large_.Append(small_, most)) return Fate::kNoMemory;
    small_ = {};
  }
  return large_.Append(part, most) ? Fate::kKept : Fate::kNoMemory;
}

void Gathering::KeepTail(std::span<const std::uint8_t> chunk) {
  const auto end = LastOf(chunk, kTailBytes);
  tail_.insert(tail_.end(), end.begin(), end.end());
  if (tail_.size() > kTailBytes) tail_.erase(tail_.begin(), tail_.end() - kTailBytes);
}

}  // namespace boxlite::exec
