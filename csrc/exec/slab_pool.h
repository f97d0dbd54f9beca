// Blocks of memory for stream bytes, used again: fresh pages would cost as much as the bytes in them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace boxlite::exec::slab_pool {

inline constexpr std::size_t kBlockBytes = 256 * 1024;

/// A block, new or used. Any thread; never blocks for long.
std::uint8_t* Take();
/// Keeps a block for the next one who takes, or frees it when there are plenty. Any thread.
void Give(std::uint8_t* block) noexcept;
/// Frees what nobody has taken since the last time: for moments with nothing to do. Any thread.
void Trim();

}  // namespace boxlite::exec::slab_pool
