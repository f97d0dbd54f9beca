#include "exec/spool.h"

#include <algorithm>

#include "exec/read_memory.h"

namespace boxlite::exec {

namespace {

// A chunk that finds nothing before it gets a slab of its own size, which a reader that keeps up takes whole;
// a backlog is collected into blocks of the pool.
constexpr std::size_t kSmallestSlab = 4 * 1024;

Slab NewSlab(std::size_t bytes, bool is_first) {
  if (!is_first || bytes > slab_pool::kBlockBytes / 2) return Slab::Pooled();
  return Slab(std::max(bytes, kSmallestSlab));
}

}  // namespace

bool Spool::Append(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return true;
  const bool spilled = file_ && file_->unread() > 0;
  if (spilled || in_memory_ + bytes.size() > memory_bound_) return AppendToFile(bytes);
  AppendToMemory(bytes);
  return true;
}

bool Spool::AppendToFile(std::span<const std::uint8_t> bytes) {
  if (!file_) file_ = SpillFile::Create();
  return file_ && file_->Append(bytes);
}

void Spool::AppendToMemory(std::span<const std::uint8_t> bytes) {
  in_memory_ += bytes.size();
  if (auto slab = read_memory::Adopt(bytes)) return slabs_.push_back(std::move(*slab));
  while (!bytes.empty()) {
    if (slabs_.empty() || slabs_.back().room() == 0) slabs_.push_back(NewSlab(bytes.size(), slabs_.empty()));
    bytes = bytes.subspan(slabs_.back().Append(bytes));
  }
}

Slab Spool::TakeFromMemory(std::size_t max) {
  if (in_memory_ == 0 || max == 0) return {};
  Slab& front = slabs_.front();
  Slab out;
  if (front.size() <= max) {
    out = std::move(front);
    slabs_.pop_front();
  } else {
    out = Slab(max);
    out.Append(front.bytes().first(max));
    front.Consume(max);
  }
  in_memory_ -= out.size();
  return out;
}

Spool::FileRange Spool::NextInFile(std::size_t max) const {
  if (!file_ || in_memory_ > 0) return {};
  return {file_, file_->read_offset(),
          static_cast<std::size_t>(std::min<std::uint64_t>(file_->unread(), max))};
}

void Spool::ConsumeFile(std::size_t bytes) {
  if (file_) file_->Consume(bytes);
}

void Spool::Clear() {
  slabs_.clear();
  in_memory_ = 0;
  file_.reset();
}

}  // namespace boxlite::exec
