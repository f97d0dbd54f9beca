#include "exec/gather_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

// Older C libraries do not name it; the kernel refuses what it does not know.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace boxlite::exec {

namespace {

constexpr std::size_t kHuge = 2 * 1024 * 1024;

// Clearing one takes a tenth of this, unless the machine is virtual and its host has taken the memory behind
// the page away: then 512 faults in the host, which small pages that were used lately don't have.
constexpr std::chrono::milliseconds kSlowHugePage{1};
constexpr std::size_t kWorthTouching = 64 * 1024;

std::size_t PageBytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

std::size_t RoundUp(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

void GatherMemory::Swap(GatherMemory& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
  std::swap(huge_pages_, other.huge_pages_);
}

void GatherMemory::Unmap(std::uint8_t* base, std::size_t mapped) noexcept {
  if (base != nullptr) munmap(base, mapped);
}

bool GatherMemory::Append(std::span<const std::uint8_t> bytes, std::size_t most) {
  const std::size_t wanted = size_ + bytes.size();
  if (wanted > most) return false;
  if (wanted > mapped_ && !Grow(wanted, most)) return false;
  TouchNext(bytes.size());
  std::memcpy(base_ + size_, bytes.data(), bytes.size());
  size_ = wanted;
  return true;
}

bool GatherMemory::Grow(std::size_t least, std::size_t most) {
  // Twice as much, of which untouched pages cost nothing; where address space is short, what is needed.
  const std::size_t wish = std::min(std::max(least, mapped_ * 2), most);
  return Map(RoundUp(wish, kHuge)) || Map(RoundUp(least, kHuge));
}

bool GatherMemory::Map(std::size_t bytes) {
  void* found = base_ == nullptr ? mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                 : mremap(base_, mapped_, bytes, MREMAP_MAYMOVE);
  if (found == MAP_FAILED) return false;
  base_ = static_cast<std::uint8_t*>(found);
  mapped_ = bytes;
  Advise();
  return true;
}

void GatherMemory::Advise() {
  // With huge pages a hundred megabytes are 50 page faults instead of 25,600; but a value of 70 KB must not
  // cost the clearing of one. Of the whole mapping at once, or it could not be moved as one.
  madvise(base_, mapped_, huge_pages_ && mapped_ > kHuge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

void GatherMemory::TouchNext(std::size_t bytes) {
  if (bytes < kWorthTouching) return;
  const std::size_t begin = size_ / PageBytes() * PageBytes();
  const std::size_t end = size_ + bytes;
  const auto before = std::chrono::steady_clock::now();
  // A kernel that does not know how leaves it to the faults.
  madvise(base_ + begin, RoundUp(end, PageBytes()) - begin, MADV_POPULATE_WRITE);
  const auto most_huge_pages = static_cast<int>(end / kHuge - begin / kHuge + 1);
  if (!huge_pages_ || std::chrono::steady_clock::now() - before < kSlowHugePage * most_huge_pages) return;
  huge_pages_ = false;
  Advise();
}

std::span<std::uint8_t> GatherMemory::Release() {
  const std::size_t kept = std::min(RoundUp(size_, PageBytes()), mapped_);
  if (kept < mapped_) munmap(base_ + kept, mapped_ - kept);
  mapped_ = size_ = 0;
  return {std::exchange(base_, nullptr), kept};
}

}  // namespace boxlite::exec
