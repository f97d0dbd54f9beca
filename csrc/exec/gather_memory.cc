#include "exec/gather_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace boxlite::exec {

namespace {

constexpr std::size_t kHuge = 2 * 1024 * 1024;

std::size_t RoundUp(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

void GatherMemory::Swap(GatherMemory& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(mapped_, other.mapped_);
  std::swap(size_, other.size_);
}

void GatherMemory::Unmap(std::uint8_t* base, std::size_t mapped) noexcept {
  if (base != nullptr) munmap(base, mapped);
}

bool GatherMemory::Append(std::span<const std::uint8_t> bytes, std::size_t most) {
  const std::size_t wanted = size_ + bytes.size();
  if (wanted > most) return false;
  if (wanted > mapped_ && !Grow(wanted, most)) return false;
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
  // With huge pages a hundred megabytes are 50 page faults instead of 25,600; but a value of 70 KB must not
  // cost the clearing of one. Of the whole mapping at once, or it could not be moved as one.
  madvise(base_, mapped_, mapped_ > kHuge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return true;
}

std::span<std::uint8_t> GatherMemory::Release() {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t kept = std::min(RoundUp(size_, page), mapped_);
  if (kept < mapped_) munmap(base_ + kept, mapped_ - kept);
  mapped_ = size_ = 0;
  return {std::exchange(base_, nullptr), kept};
}

}  // namespace boxlite::exec
