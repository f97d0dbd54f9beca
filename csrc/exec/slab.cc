#include "exec/slab.h"

#include <algorithm>
#include <cstring>

namespace boxlite::exec {

std::size_t Slab::Append(std::span<const std::uint8_t> bytes) {
  const std::size_t taken = std::min(bytes.size(), room());
  if (taken > 0) std::memcpy(tail(), bytes.data(), taken);
  Grow(taken);
  return taken;
}

}  // namespace boxlite::exec
