// A large chunk that was read into lent memory goes into the spool as it is; everything else is copied.
#include "exec/read_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "exec/spool.h"

namespace boxlite::exec {
namespace {

TEST(ReadMemory, ALargeChunkIsAdopted) {
  std::size_t capacity = 0;
  auto* memory = read_memory::Lend(&capacity, nullptr);
  ASSERT_EQ(capacity, slab_pool::kBlockBytes);
  std::fill_n(memory, capacity, std::uint8_t{7});
  Spool spool(1 << 20);
  ASSERT_TRUE(spool.Append({memory, capacity}));
  const auto slab = spool.TakeFromMemory(capacity);
  EXPECT_EQ(slab.bytes().data(), memory) << "was copied";
  EXPECT_EQ(slab.size(), capacity);
  EXPECT_NE(read_memory::Lend(&capacity, nullptr), memory) << "is lent although the spool has it";
}

TEST(ReadMemory, ASmallOneIsCopiedAndTheMemoryLentAgain) {
  std::size_t capacity = 0;
  auto* memory = read_memory::Lend(&capacity, nullptr);
  std::fill_n(memory, 100, std::uint8_t{7});
  Spool spool(1 << 20);
  ASSERT_TRUE(spool.Append({memory, 100}));
  EXPECT_EQ(read_memory::Lend(&capacity, nullptr), memory);
  std::fill_n(memory, 100, std::uint8_t{8});
  EXPECT_EQ(spool.TakeFromMemory(100).bytes().front(), 7);
}

TEST(ReadMemory, IsNotTakenForABytesOfSomebodyElse) {
  std::size_t capacity = 0;
  read_memory::Lend(&capacity, nullptr);
  const std::vector<std::uint8_t> own(capacity, 1);
  EXPECT_FALSE(read_memory::Adopt(own).has_value());
}

TEST(SlabPool, UsesABlockAgainAndFreesItWhenNobodyDoes) {
  slab_pool::Trim();
  slab_pool::Trim();
  auto* block = slab_pool::Take();
  slab_pool::Give(block);
  EXPECT_EQ(slab_pool::Take(), block);
  slab_pool::Give(block);
  slab_pool::Trim();  // used since the last time
  EXPECT_EQ(slab_pool::Take(), block);
  slab_pool::Give(block);
  slab_pool::Trim();
  slab_pool::Trim();  // frees; a leak checker sees a block that was not
}

}  // namespace
}  // namespace boxlite::exec
