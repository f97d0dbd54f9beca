#include "exec/gather_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace boxlite::exec {

namespace {

// Of a huge page: with these a hundred megabytes are 50 page faults instead of 25,600. The first one is left
// to small pages, or every value that is not tiny would cost the clearing of one.
constexpr std::size_t kHuge = 2 * 1024 * 1024;
constexpr std::size_t kLargestStep = 64 * kHuge;

std::size_t RoundUp(std::size_t bytes) { return (bytes + kHuge - 1) / kHuge * kHuge; }

}  // namespace

void GatherMemory::Swap(GatherMemory& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(reserved_, other.reserved_);
  std::swap(committed_, other.committed_);
  std::swap(size_, other.size_);
}

void GatherMemory::Unmap(std::uint8_t* base, std::size_t reserved) noexcept {
  if (base != nullptr) munmap(base, reserved);
}

bool GatherMemory::Append(std::span<const std::uint8_t> bytes, std::size_t most) {
  const std::size_t wanted = size_ + bytes.size();
  if (wanted > most) return false;
  if (base_ == nullptr && !Reserve(most, wanted)) return false;
  if (wanted > committed_ && !Commit(wanted)) return false;
  std::memcpy(base_ + size_, bytes.data(), bytes.size());
  size_ = wanted;
  return true;
}

bool GatherMemory::Reserve(std::size_t most, std::size_t least) {
  // Where address space is limited, as much as there is.
  for (std::size_t bytes = RoundUp(most); bytes >= RoundUp(least); bytes = RoundUp(bytes / 2)) {
    // One huge page more, so that the rest can begin at the boundary of one.
    void* found = mmap(nullptr, bytes + kHuge, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED && bytes > kHuge) continue;
    if (found == MAP_FAILED) return false;
    auto* start = static_cast<std::uint8_t*>(found);
    auto* base = start + (kHuge - reinterpret_cast<std::uintptr_t>(start) % kHuge) % kHuge;
    if (base != start) munmap(start, static_cast<std::size_t>(base - start));
    const auto rest = static_cast<std::size_t>(start + bytes + kHuge - (base + bytes));
    if (rest > 0) munmap(base + bytes, rest);
    base_ = base;
    reserved_ = bytes;
    return true;
  }
  return false;
}

bool GatherMemory::Commit(std::size_t bytes) {
  const std::size_t step = std::clamp(committed_, kHuge, kLargestStep);
  const std::size_t target = std::min(std::max(RoundUp(bytes), committed_ + step), reserved_);
  if (target < bytes) return false;
  if (mprotect(base_ + committed_, target - committed_, PROT_READ | PROT_WRITE) != 0) return false;
  if (committed_ > 0) madvise(base_ + committed_, target - committed_, MADV_HUGEPAGE);
  committed_ = target;
  return true;
}

std::span<std::uint8_t> GatherMemory::Release() {
  const std::size_t kept = std::min(RoundUp(std::max<std::size_t>(size_, 1)), reserved_);
  if (base_ != nullptr && kept < reserved_) munmap(base_ + kept, reserved_ - kept);
  reserved_ = committed_ = size_ = 0;
  return {std::exchange(base_, nullptr), kept};
}

}  // namespace boxlite::exec
