#include "exec/read_memory.h"

#include <utility>

namespace boxlite::exec::read_memory {

namespace {

thread_local Slab lent;

}  // namespace

std::uint8_t* Lend(std::size_t* capacity, void*) noexcept {
  if (lent.capacity() == 0) lent = Slab::Pooled();
  *capacity = lent.capacity();
  return lent.tail();
}

std::optional<Slab> Adopt(std::span<const std::uint8_t> chunk) {
  if (lent.capacity() == 0 || chunk.data() != lent.tail() || chunk.size() < lent.capacity() / 2)
    return std::nullopt;
  Slab slab = std::move(lent);
  lent = Slab();
  slab.Grow(chunk.size());
  return slab;
}

}  // namespace boxlite::exec::read_memory
