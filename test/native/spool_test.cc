// The spool gives bytes back in order, from memory and from its file.
#include "exec/spool.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace boxlite::exec {
namespace {

std::vector<std::uint8_t> Counted(std::size_t from, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>((from + i) * 31 >> 3);
  return bytes;
}

/// Reads once, wherever the bytes are.
std::vector<std::uint8_t> ReadOnce(Spool& spool, std::size_t max) {
  auto slab = spool.TakeFromMemory(max);
  if (!slab.empty()) return {slab.bytes().begin(), slab.bytes().end()};
  auto range = spool.NextInFile(max);
  std::vector<std::uint8_t> bytes(range.size);
  if (range.file) {
    EXPECT_TRUE(range.file->ReadAt(range.offset, bytes));
    spool.ConsumeFile(range.size);
  }
  return bytes;
}

std::vector<std::uint8_t> ReadAll(Spool& spool, std::size_t max) {
  std::vector<std::uint8_t> all;
  while (!spool.empty()) {
    auto bytes = ReadOnce(spool, max);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  return all;
}

TEST(Spool, GivesBackWhatItGot) {
  Spool spool(1 << 20);
  auto bytes = Counted(0, 10'000);
  ASSERT_TRUE(spool.Append(bytes));
  EXPECT_EQ(spool.size(), bytes.size());
  EXPECT_EQ(ReadAll(spool, 333), bytes);
  EXPECT_TRUE(spool.empty());
}

TEST(Spool, GivesAWholeChunkWithoutCuttingIt) {
  Spool spool(1 << 20);
  auto bytes = Counted(0, 65'536);
  ASSERT_TRUE(spool.Append(bytes));
  auto slab = spool.TakeFromMemory(256 * 1024);
  EXPECT_EQ(slab.size(), bytes.size());
}

TEST(Spool, SpillsPastItsBoundAndKeepsTheOrder) {
  Spool spool(4096);
  std::vector<std::uint8_t> all;
  for (std::size_t i = 0; i < 100; ++i) {
    auto bytes = Counted(i * 1000, 1000);
    all.insert(all.end(), bytes.begin(), bytes.end());
    ASSERT_TRUE(spool.Append(bytes));
  }
  EXPECT_LE(spool.in_memory(), 4096U);
  EXPECT_EQ(spool.size(), all.size());
  EXPECT_EQ(ReadAll(spool, 777), all);
}

TEST(Spool, KeepsTheOrderWhenReadAndWrittenInTurns) {
  Spool spool(5000);
  std::vector<std::uint8_t> written;
  std::vector<std::uint8_t> read;
  for (std::size_t i = 0; i < 500; ++i) {
    auto bytes = Counted(written.size(), 100 + (i * 37) % 900);
    written.insert(written.end(), bytes.begin(), bytes.end());
    ASSERT_TRUE(spool.Append(bytes));
    if (i % 3 != 0) {
      auto some = ReadOnce(spool, 50 + (i * 91) % 1500);
      read.insert(read.end(), some.begin(), some.end());
    }
  }
  auto rest = ReadAll(spool, 4096);
  read.insert(read.end(), rest.begin(), rest.end());
  EXPECT_EQ(read, written);
}

TEST(Spool, ReturnsToMemoryOnceTheFileIsRead) {
  Spool spool(1000);
  ASSERT_TRUE(spool.Append(Counted(0, 900)));
  ASSERT_TRUE(spool.Append(Counted(900, 900)));
  EXPECT_EQ(spool.in_memory(), 900U);
  ReadAll(spool, 10'000);
  ASSERT_TRUE(spool.Append(Counted(0, 900)));
  EXPECT_EQ(spool.in_memory(), 900U);
}

TEST(Spool, ClearGivesEverythingUp) {
  Spool spool(100);
  ASSERT_TRUE(spool.Append(Counted(0, 90)));
  ASSERT_TRUE(spool.Append(Counted(90, 90)));
  spool.Clear();
  EXPECT_TRUE(spool.empty());
  EXPECT_EQ(spool.NextInFile(10).file, nullptr);
}

}  // namespace
}  // namespace boxlite::exec
