// The descriptors through which a process is given its own.
#include "engine/stdio_slots.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <vector>

#include "engine_fixture.h"

namespace boxlite::engine {
namespace {

TEST(StdioSlots, AreLentAndLetGo) {
  int pipe_ends[2];
  ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  UniqueFd reads(pipe_ends[0]);
  UniqueFd writes(pipe_ends[1]);
  StdioSlots slots;
  ASSERT_TRUE(slots.Fill({writes.get(), writes.get(), writes.get()}));
  for (int fd : slots.fds()) {
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    EXPECT_LE(fd, slots.highest());
    EXPECT_EQ(write(fd, "x", 1), 1);
  }
  writes.Reset();
  char bytes[8];
  EXPECT_EQ(read(reads.get(), bytes, sizeof bytes), 3);
  pollfd end{reads.get(), POLLIN, 0};
  EXPECT_EQ(poll(&end, 1, 0), 0) << "the slots hold the pipe open";
  slots.Empty();
  EXPECT_EQ(read(reads.get(), bytes, sizeof bytes), 0) << "nobody does any more";
}

TEST(StdioSlots, RefuseWhatIsNoDescriptor) {
  StdioSlots slots;
  EXPECT_FALSE(slots.Fill({-1, -1, -1}));
  const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_TRUE(slots.Fill({null.get(), null.get(), null.get()}));
}

class ManyDescriptors : public test::EngineTest {};

TEST_F(ManyDescriptors, NoneOfThemIsInheritedBelowOrAboveTheSlots) {
  // Not close-on-exec: a host may be careless.
  std::vector<UniqueFd> before;
  for (int i = 0; i < 20; ++i) before.emplace_back(open("/dev/null", O_RDONLY));
  auto* box = NewBox();
  EXPECT_EQ(Run(box, "true").events.back(), "exit:0");
  std::vector<UniqueFd> after;
  for (int i = 0; i < 300; ++i) after.emplace_back(open("/dev/null", O_RDONLY));
  EXPECT_EQ(Run(box, "ls /proc/self/fd | tr '\\n' ' '").events.front(), "out:0 1 2 3 ");
  for (const auto& fd : after)
    EXPECT_GE(fcntl(fd.get(), F_GETFD), 0) << "a start closed a descriptor of the host";
  boxlite_box_free(box);
}

}  // namespace
}  // namespace boxlite::engine
