// What comes out of a siphon is what the pipe held: all of it, in order, and of that pipe alone.
#include "engine/siphon.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <thread>
#include <vector>

namespace boxlite::engine {
namespace {

struct Pipe {
  explicit Pipe(int flags = 0) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK | flags) != 0) return;
    out.Reset(ends[0]);
    in.Reset(ends[1]);
  }
  void Write(std::span<const std::uint8_t> bytes) const {
    ASSERT_EQ(write(in.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  UniqueFd out;
  UniqueFd in;
};

std::vector<std::uint8_t> Pattern(std::size_t size, unsigned seed) {
  std::vector<std::uint8_t> bytes(size);
  std::mt19937 random(seed);
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
  return bytes;
}

class SiphonTest : public testing::Test {
 protected:
  /// What one read gives.
  std::vector<std::uint8_t> Read(const Pipe& pipe, std::size_t most) {
    std::vector<std::uint8_t> memory(most);
    const ssize_t got = siphon_.Read(pipe.out.get(), memory, broken_);
    EXPECT_GE(got, 0) << "errno " << errno;
    memory.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return memory;
  }

  Siphon siphon_;
  bool broken_ = false;
};

TEST_F(SiphonTest, SaysWhereAGapIs) {
  const Pipe pipe;
  pipe.Write(Pattern(3 * 4096, 5));
  // What can't be written to stands for a page that can't be read.
  auto* base = static_cast<std::uint8_t*>(
      mmap(nullptr, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_EQ(mprotect(base + 4096, 2 * 4096, PROT_NONE), 0);
  EXPECT_EQ(siphon_.Read(pipe.out.get(), {base, 3 * 4096}, broken_), 4096);
  EXPECT_TRUE(broken_);
  munmap(base, 3 * 4096);
}

TEST_F(SiphonTest, GivesWhatThereIs) {
  const Pipe pipe;
  const auto bytes = Pattern(65536, 1);
  pipe.Write(bytes);
  EXPECT_EQ(Read(pipe, 256 * 1024), bytes);
}

TEST_F(SiphonTest, LeavesWhatTheMemoryCantTakeInThePipe) {
  const Pipe pipe;
  const auto bytes = Pattern(10'000, 2);
  pipe.Write(bytes);
  std::vector<std::uint8_t> all;
  for (const std::size_t most : {1UL, 4095UL, 4097UL, 10'000UL}) {
    const auto part = Read(pipe, most);
    EXPECT_EQ(part.size(), std::min(most, bytes.size() - all.size()));
    all.insert(all.end(), part.begin(), part.end());
  }
  EXPECT_EQ(all, bytes);
}

TEST_F(SiphonTest, KeepsTheBytesOfTwoPipesApart) {
  const std::array<Pipe, 2> pipes;
  for (unsigned round = 0; round < 50; ++round) {
    const auto first = Pattern(1 + round * 997, round);
    const auto second = Pattern(1 + round * 13, round + 100);
    pipes[0].Write(first);
    pipes[1].Write(second);
    EXPECT_EQ(Read(pipes[0], 65536), first);
    EXPECT_EQ(Read(pipes[1], 65536), second);
  }
}

TEST_F(SiphonTest, KeepsOrderWhileSomebodyWrites) {
  Pipe pipe;
  const auto bytes = Pattern(8 * 1024 * 1024, 3);
  std::thread writer([&] {
    fcntl(pipe.in.get(), F_SETFL, 0);
    for (std::size_t at = 0; at < bytes.size(); at += 4099) {
      pipe.Write(std::span(bytes).subspan(at, std::min<std::size_t>(4099, bytes.size() - at)));
    }
    pipe.in.Reset();
  });
  std::vector<std::uint8_t> all;
  std::vector<std::uint8_t> memory(100'000);
  for (;;) {
    const ssize_t got = siphon_.Read(pipe.out.get(), memory, broken_);
    if (got == 0) break;
    if (got > 0) all.insert(all.end(), memory.begin(), memory.begin() + got);
    if (got < 0) {
      ASSERT_EQ(errno, EAGAIN);
    }
  }
  writer.join();
  EXPECT_TRUE(all == bytes);
}

TEST_F(SiphonTest, TellsAnEmptyPipeFromAnEndedOne) {
  Pipe pipe;
  std::array<std::uint8_t, 16> memory{};
  EXPECT_EQ(siphon_.Read(pipe.out.get(), memory, broken_), -1);
  EXPECT_EQ(errno, EAGAIN);
  pipe.in.Reset();
  EXPECT_EQ(siphon_.Read(pipe.out.get(), memory, broken_), 0);
}

TEST_F(SiphonTest, LosesNothingOfPackets) {
  const Pipe pipe(O_DIRECT);
  std::vector<std::uint8_t> all;
  for (unsigned i = 0; i < 10; ++i) {
    const auto packet = Pattern(100 + i, i);
    pipe.Write(packet);
    all.insert(all.end(), packet.begin(), packet.end());
  }
  std::vector<std::uint8_t> got;
  while (got.size() < all.size()) {
    const auto part = Read(pipe, 512);
    ASSERT_FALSE(part.empty());
    got.insert(got.end(), part.begin(), part.end());
  }
  EXPECT_EQ(got, all);
}

TEST_F(SiphonTest, IsAPlainReadWithoutDescriptorsForAPipe) {
  const Pipe pipe;
  const auto bytes = Pattern(5'000, 4);
  pipe.Write(bytes);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{static_cast<rlim_t>(0), before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto got = Read(pipe, 65536);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(got, bytes);
  pipe.Write(bytes);
  EXPECT_EQ(Read(pipe, 65536), bytes) << "tries again";
}

TEST_F(SiphonTest, IsAPlainReadOfWhatCantBeSpliced) {
  // A terminal's master refuses splice; so would a kernel or a sandbox without it.
  const UniqueFd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  ASSERT_TRUE(terminal);
  grantpt(terminal.get());
  unlockpt(terminal.get());
  const UniqueFd line(open(ptsname(terminal.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(line);
  ASSERT_EQ(write(line.get(), "abc", 3), 3);
  std::array<std::uint8_t, 16> memory{};
  ASSERT_EQ(siphon_.Read(terminal.get(), memory, broken_), 3);
  EXPECT_EQ(memory[2], 'c');
}

}  // namespace
}  // namespace boxlite::engine
