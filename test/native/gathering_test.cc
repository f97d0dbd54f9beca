// One stream as one value: what is kept, what is cut off, and memory that grows in place.
#include "exec/gathering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "exec/stream_pump.h"

namespace boxlite::exec {
namespace {

constexpr std::uint64_t kNoBound = ~0ULL;

std::vector<std::uint8_t> Pattern(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  std::mt19937 random(7);
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

std::vector<std::uint8_t> Copy(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

std::vector<std::uint8_t> Kept(Gathering& gathering) {
  return Copy(gathering.is_large() ? gathering.large().bytes() : gathering.small());
}

void AppendAll(Gathering& gathering, std::span<const std::uint8_t> bytes, std::size_t chunk) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(chunk, bytes.size()));
    ASSERT_EQ(gathering.Append(part), Gathering::Fate::kKept);
    bytes = bytes.subspan(part.size());
  }
}

TEST(Gathering, KeepsEverythingWhateverTheSizes) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, Gathering::kSmallBytes, Gathering::kSmallBytes + 1,
                           std::size_t{9} * 1024 * 1024 + 3}) {
    for (std::size_t chunk : {std::size_t{997}, std::size_t{131072}, std::size_t{5} * 1024 * 1024}) {
      SCOPED_TRACE(std::to_string(size) + " in " + std::to_string(chunk));
      const auto bytes = Pattern(size);
      Gathering gathering(kNoBound);
      AppendAll(gathering, bytes, chunk);
      EXPECT_EQ(gathering.size(), size);
      EXPECT_EQ(gathering.is_large(), size > Gathering::kSmallBytes);
      EXPECT_TRUE(Kept(gathering) == bytes);
      EXPECT_FALSE(gathering.truncated());
    }
  }
}

TEST(Gathering, CutsAtItsBoundAndKnowsTheEndOfWhatCame) {
  const auto bytes = Pattern(300'000);
  for (std::size_t bound :
       {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{70'000}, std::size_t{299'999}}) {
    for (std::size_t chunk : {std::size_t{1000}, std::size_t{299'000}, std::size_t{300'000}}) {
      SCOPED_TRACE(std::to_string(bound) + " in " + std::to_string(chunk));
      Gathering gathering(bound);
      AppendAll(gathering, bytes, chunk);
      EXPECT_TRUE(gathering.truncated());
      EXPECT_TRUE(Kept(gathering) == Copy(std::span(bytes).first(bound)));
      EXPECT_TRUE(Copy(gathering.tail()) == Copy(std::span(bytes).last(Gathering::kTailBytes)));
    }
  }
}

TEST(Gathering, IsNotCutByABoundThatItReaches) {
  const auto bytes = Pattern(5000);
  Gathering gathering(5000);
  AppendAll(gathering, bytes, 1000);
  EXPECT_FALSE(gathering.truncated());
  EXPECT_EQ(gathering.Append({}), Gathering::Fate::kKept);
  EXPECT_FALSE(gathering.truncated());
}

TEST(Gathering, TheEndOfALittleIsAllOfIt) {
  const auto bytes = Pattern(100);
  Gathering gathering(10);
  AppendAll(gathering, bytes, 7);
  EXPECT_TRUE(Copy(gathering.tail()) == bytes);
}

TEST(GatherMemory, TakesNothingPastItsBound) {
  GatherMemory memory;
  const auto bytes = Pattern(100);
  EXPECT_TRUE(memory.Append(bytes, 150));
  EXPECT_FALSE(memory.Append(bytes, 150));
  EXPECT_TRUE(Copy(memory.bytes()) == bytes);
}

TEST(GatherMemory, GrowsWithoutABound) {
  GatherMemory memory;
  const auto bytes = Pattern(3 * 1024 * 1024);
  ASSERT_TRUE(memory.Append(bytes, std::size_t{1} << 60));
  EXPECT_TRUE(Copy(memory.bytes()) == bytes);
}

TEST(GatherMemory, IsGivenAwayWithItsBytes) {
  GatherMemory memory;
  const auto bytes = Pattern(5 * 1024 * 1024);
  ASSERT_TRUE(memory.Append(bytes, std::size_t{1} << 32));
  const auto given = memory.Release();
  EXPECT_EQ(memory.size(), 0U);
  ASSERT_GE(given.size(), bytes.size());
  EXPECT_TRUE(Copy(given.first(bytes.size())) == bytes);
  GatherMemory::Unmap(given.data(), given.size());
}

StreamPump GatheringPump(std::uint64_t bound = kNoBound) {
  StreamPump pump({.memory = 16, .total = 40});
  EXPECT_TRUE(pump.Attach());
  pump.Gather(std::make_unique<Gathering>(bound));
  return pump;
}

TEST(GatheringPump, IsDrainedByItsEnd) {
  auto pump = GatheringPump();
  const auto bytes = Pattern(1000);
  EXPECT_EQ(pump.Append(bytes), StreamPump::Fate::kKept)
      << "what is read at once is not bounded as unread output";
  EXPECT_FALSE(pump.drained());
  EXPECT_FALSE(pump.WantsPause());
  pump.End();
  EXPECT_TRUE(pump.drained());
  EXPECT_FALSE(pump.TakeWake());
  auto gathered = pump.TakeGathered();
  ASSERT_TRUE(gathered);
  EXPECT_TRUE(Kept(*gathered) == bytes);
  EXPECT_FALSE(pump.TakeGathered());
}

TEST(GatheringPump, HasItsReader) {
  auto pump = GatheringPump();
  EXPECT_TRUE(pump.attached());
  EXPECT_FALSE(pump.Attach());
}

TEST(GatheringPump, DropsEverythingWhenItsReaderLeaves) {
  auto pump = GatheringPump();
  pump.Append(Pattern(10));
  pump.Leave();
  EXPECT_TRUE(pump.drained());
  EXPECT_FALSE(pump.TakeGathered());
  EXPECT_EQ(pump.Append(Pattern(10)), StreamPump::Fate::kDiscarded);
}

TEST(GatheringPump, DropsWhatComesAfterItWasTaken) {
  auto pump = GatheringPump();
  pump.TakeGathered();
  EXPECT_EQ(pump.Append(Pattern(10)), StreamPump::Fate::kDiscarded);
}

}  // namespace
}  // namespace boxlite::exec
