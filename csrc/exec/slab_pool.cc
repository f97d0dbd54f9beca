#include "exec/slab_pool.h"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace boxlite::exec::slab_pool {

namespace {

using Block = std::unique_ptr<std::uint8_t[]>;

// A garbage collector gives blocks back in bursts of about this much.
constexpr std::size_t kMostBlocks = 64 * 1024 * 1024 / kBlockBytes;

struct Pool {
  std::mutex mutex;  // guards everything below
  std::vector<Block> blocks;
  bool used = false;
};

// Not destroyed: drain threads may still run while the process exits.
Pool& ThePool() {
  static auto& pool = *new Pool;
  return pool;
}

}  // namespace

std::uint8_t* Take() {
  auto& pool = ThePool();
  {
    std::lock_guard lock(pool.mutex);
    pool.used = true;
    if (!pool.blocks.empty()) {
      Block block = std::move(pool.blocks.back());
      pool.blocks.pop_back();
      return block.release();
    }
  }
  return std::make_unique_for_overwrite<std::uint8_t[]>(kBlockBytes).release();
}

void Give(std::uint8_t* raw) noexcept {
  Block block(raw);
  auto& pool = ThePool();
  std::lock_guard lock(pool.mutex);
  if (pool.blocks.size() >= kMostBlocks) return;
  if (pool.blocks.capacity() == 0) pool.blocks.reserve(kMostBlocks);
  pool.blocks.push_back(std::move(block));
}

void Trim() {
  std::vector<Block> freed;  // let go without the lock
  auto& pool = ThePool();
  std::lock_guard lock(pool.mutex);
  if (!std::exchange(pool.used, false)) freed.swap(pool.blocks);
}

}  // namespace boxlite::exec::slab_pool
