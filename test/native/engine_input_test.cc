// Standard input of the embedded engine: what is taken at once, what is queued, and in which order it comes.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "engine_fixture.h"

namespace boxlite::test {
namespace {

constexpr std::size_t kDefaultPipe = 64 * 1024;
constexpr std::size_t kLargePipe = 1024 * 1024;

/// Bytes of which each place within 64 KiB is different from its neighbours.
std::string Pattern(std::size_t size) {
  std::string pattern(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    pattern[i] = static_cast<char>((i >> (i % 2 * 8)) + i / kDefaultPipe);
  return pattern;
}

/// Whether this user may have a pipe of that size now: quotas differ.
bool MayEnlarge() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return false;
  const bool enlarged = fcntl(fds[1], F_SETPIPE_SZ, kLargePipe) > 0;
  for (int fd : fds) close(fd);
  return enlarged;
}

class EngineInput : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    box_ = NewBox();
  }
  void TearDown() override {
    boxlite_execution_free(execution_);
    boxlite_box_free(box_);
    EngineTest::TearDown();
  }

  void Start(const std::string& script) {
    execution_ = Exec(box_, script);
    ASSERT_NE(execution_, nullptr);
  }
  BoxliteErrorCode Write(std::string_view bytes, CBoxliteError* error = nullptr) {
    return boxlite_execution_stdin_write(execution_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                         bytes.size(), error);
  }
  BoxliteErrorCode TryWrite(std::string_view bytes, std::size_t& taken, CBoxliteError* error = nullptr) {
    return boxlite_execution_stdin_try_write(execution_, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                             bytes.size(), &taken, error);
  }
  std::size_t TryWrite(std::string_view bytes) {
    std::size_t taken = 0;
    EXPECT_EQ(TryWrite(bytes, taken), BOXLITE_OK);
    return taken;
  }
  Told Flushed() {
    Told told;
    EXPECT_EQ(boxlite_execution_stdin_flush(execution_, OnDone, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }

  CBoxHandle* box_ = nullptr;
  CExecutionHandle* execution_ = nullptr;
};

TEST_F(EngineInput, ATryTakesWhatThePipeTakesAndQueuesNothing) {
  Start("sleep 60");
  const std::string bytes = Pattern(4 * kLargePipe);
  const bool may_enlarge = MayEnlarge();
  EXPECT_EQ(TryWrite(bytes), may_enlarge ? kLargePipe : kDefaultPipe);
  EXPECT_EQ(TryWrite(bytes), 0U);
  EXPECT_EQ(Flushed().code, BOXLITE_OK);
}

TEST_F(EngineInput, ATryTakesNothingWhileOthersAreQueued) {
  Start("sleep 0.2; exec cat");
  AbiStory story;
  Follow(execution_, story);
  const std::string bytes = Pattern(5 * kLargePipe);
  const std::string_view all = bytes;
  const auto first = TryWrite(all.substr(0, 2 * kLargePipe));
  EXPECT_GT(first, 0U);
  EXPECT_EQ(Write(all.substr(first, 3 * kLargePipe - first)), BOXLITE_OK);
  // Nobody drains: the pipe has room once the reader wakes, and what is queued still comes first.
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_EQ(TryWrite(all.substr(3 * kLargePipe)), 0U);
  EXPECT_EQ(Flushed().code, BOXLITE_OK);
  // What is left is written with tries alone: each goes on where the last one ended.
  std::size_t at = 3 * kLargePipe;
  EXPECT_TRUE(DrainUntil([&] {
    at += TryWrite(all.substr(at));
    return at == all.size();
  }));
  EXPECT_EQ(boxlite_execution_stdin_close(execution_, nullptr), BOXLITE_OK);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  ASSERT_EQ(story.events.size(), 2U);
  EXPECT_TRUE(story.events[0] == "out:" + bytes);
}

TEST_F(EngineInput, AFlushIsNotAnsweredBeforeTheQueueWasTaken) {
  Start("read -r go; sleep 60");
  EXPECT_EQ(Write(Pattern(2 * kLargePipe)), BOXLITE_OK);
  Told told;
  EXPECT_EQ(boxlite_execution_stdin_flush(execution_, OnDone, &told, nullptr), BOXLITE_OK);
  for (int i = 0; i < 5; ++i) boxlite_runtime_drain(runtime_, 20, nullptr);
  EXPECT_EQ(told.calls, 0);
  boxlite_execution_free(std::exchange(execution_, nullptr));
  ASSERT_TRUE(DrainUntilTold(told));
  EXPECT_EQ(told.code, BOXLITE_INTERNAL);
}

TEST_F(EngineInput, ATryAfterTheCloseFailsAsAWriteDoes) {
  Start("sleep 60");
  EXPECT_EQ(boxlite_execution_stdin_close(execution_, nullptr), BOXLITE_OK);
  AbiError error;
  std::size_t taken = 7;
  EXPECT_EQ(TryWrite("more", taken, &error.raw), BOXLITE_INVALID_STATE);
  EXPECT_EQ(error.message(), "invalid state: execution stdin is closed");
  EXPECT_EQ(taken, 0U);
}

TEST_F(EngineInput, AReaderThatLeftIsToldAndRaisesNoSignal) {
  ASSERT_NE(signal(SIGPIPE, SIG_DFL), SIG_ERR);
  for (bool by_try : {true, false}) {
    Start("exec 0<&-; echo closed; sleep 60");
    AbiStory story;
    EXPECT_EQ(boxlite_execution_on_stdout(execution_, OnOut, &story, nullptr), BOXLITE_OK);
    ASSERT_TRUE(DrainUntil([&story] { return !story.events.empty(); }));
    AbiError error;
    std::size_t taken = 7;
    const auto code = by_try ? TryWrite("more", taken, &error.raw) : Write("more", &error.raw);
    EXPECT_EQ(code, BOXLITE_INTERNAL);
    EXPECT_NE(error.message().find("does not read its standard input any more"), std::string::npos);
    EXPECT_EQ(taken, by_try ? 0U : 7U);
    EXPECT_EQ(Write("more"), BOXLITE_INTERNAL);
    boxlite_execution_free(std::exchange(execution_, nullptr));
  }
}

TEST_F(EngineInput, ATerminalTakesATryToo) {
  BoxliteCommand command{};
  command.command = "/bin/cat";
  command.tty = 1;
  ASSERT_EQ(boxlite_box_exec(box_, &command, &execution_, nullptr), BOXLITE_OK);
  AbiStory story;
  Follow(execution_, story);
  EXPECT_EQ(TryWrite("typed\n"), 6U);
  EXPECT_EQ(boxlite_execution_stdin_close(execution_, nullptr), BOXLITE_OK);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  EXPECT_EQ(story.events[0], "out:typed\r\ntyped\r\n");
}

TEST_F(EngineInput, ATryChecksItsArguments) {
  Start("sleep 60");
  const std::uint8_t data[] = {'x'};
  std::size_t taken = 7;
  AbiError no_execution;
  EXPECT_EQ(boxlite_execution_stdin_try_write(nullptr, data, 1, &taken, &no_execution.raw),
            BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(no_execution.message(), "invalid argument: execution is null");
  AbiError no_taken;
  EXPECT_EQ(boxlite_execution_stdin_try_write(execution_, data, 1, nullptr, &no_taken.raw),
            BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(no_taken.message(), "invalid argument: taken is null");
  EXPECT_EQ(boxlite_execution_stdin_try_write(execution_, nullptr, 1, &taken, nullptr),
            BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(taken, 0U);
  EXPECT_EQ(boxlite_execution_stdin_try_write(execution_, nullptr, 0, &taken, nullptr), BOXLITE_OK);
  EXPECT_EQ(taken, 0U);
}

}  // namespace
}  // namespace boxlite::test
