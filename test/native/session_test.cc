// The bridge over the embedded engine: real processes, every promise, without JavaScript.
#include "exec/session.h"

#include <map>
#include <thread>

#include "test_loop.h"

namespace boxlite::test {
namespace {

using exec::Execution;
using exec::ReadResult;
using exec::Stream;

/// What one execution told, in order.
struct Story {
  std::string out;
  std::string err;
  std::vector<std::string> events;
  exec::Ending ending;
  bool exited = false;
};

/// Follows executions until they have exited; reads the streams it was told to.
class Follower {
 public:
  explicit Follower(TestLoop& loop) : loop_(loop) {}

  Story& Add(const std::shared_ptr<Execution>& execution, std::initializer_list<Stream> streams) {
    Story& story = stories_[execution.get()];
    for (Stream stream : streams) {
      EXPECT_TRUE(execution->Attach(stream).ok());
      ReadAll(*execution, stream, story);
    }
    if (streams.size() == 0) Deliver(execution);
    return story;
  }

  bool UntilExited(std::size_t count) {
    while (exited_ < count) {
      auto execution = loop_.Next();
      if (!execution) return false;
      Deliver(execution);
    }
    return true;
  }

  void Deliver(const std::shared_ptr<Execution>& execution) {
    Story& story = stories_[execution.get()];
    auto batch = execution->TakeBatch();
    for (Stream stream : exec::kStreams) {
      if (batch.readable[exec::IndexOf(stream)]) ReadAll(*execution, stream, story);
    }
    for (auto id : batch.early_waits) story.events.push_back("early" + std::to_string(id));
    if (batch.exit) {
      EXPECT_FALSE(story.exited) << "exit came twice";
      story.exited = true;
      ++exited_;
      story.events.push_back("exit");
      story.ending = batch.ending;
    }
    for (auto id : batch.waits) story.events.push_back("wait" + std::to_string(id));
    for (auto& done : batch.closed) done(ffi::Unit{});
  }

 private:
  void ReadAll(Execution& execution, Stream stream, Story& story) {
    for (;;) {
      auto result = execution.Read(stream, 100'000);
      if (result.kind != ReadResult::Kind::kBytes) {
        EXPECT_NE(result.kind, ReadResult::Kind::kError);
        return;
      }
      EXPECT_FALSE(story.exited) << "a chunk came after exit";
      auto bytes = result.bytes.bytes();
      (stream == Stream::kStdout ? story.out : story.err).append(bytes.begin(), bytes.end());
    }
  }

  TestLoop& loop_;
  std::map<Execution*, Story> stories_;
  std::size_t exited_ = 0;
};

class Bridge : public SessionTest {
 protected:
  /// A command that has ended and whose output lies there; null if it did not end.
  std::shared_ptr<Execution> EndedUnread(const std::string& script) {
    auto execution = Shell(script);
    if (!execution) return nullptr;
    Follower follower(*loop_);
    follower.Add(execution, {});
    return follower.UntilExited(1) ? execution : nullptr;
  }
};

TEST_F(Bridge, TellsOutputThenExitThenWaits) {
  auto execution = Shell("echo out; echo err >&2; exit 7");
  ASSERT_TRUE(execution);
  execution->AskWait(true);
  execution->AskWait(true);
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {Stream::kStdout, Stream::kStderr});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_EQ(story.out, "out\n");
  EXPECT_EQ(story.err, "err\n");
  EXPECT_EQ(story.ending.terminal.code, 7);
  EXPECT_EQ(story.events, (std::vector<std::string>{"exit", "wait1", "wait2"}));
}

TEST_F(Bridge, CountsWhatHadArrivedWhenTheRawWaitAnswered) {
  auto execution = Shell("exec sleep 60");
  ASSERT_TRUE(execution);
  const std::vector<std::uint8_t> five(5), three(3);
  EXPECT_FALSE(execution->bytes_at_wait());
  execution->OnChunk(Stream::kStdout, five);
  execution->OnChunk(Stream::kStderr, three);
  // An engine's wait that overtakes output, and one that answers twice.
  execution->OnWaitAnswer(0, std::nullopt);
  execution->OnChunk(Stream::kStdout, five);
  execution->OnWaitAnswer(0, std::nullopt);
  ASSERT_TRUE(execution->bytes_at_wait());
  EXPECT_EQ(execution->bytes_at_wait()->stdout_bytes, 5U);
  EXPECT_EQ(execution->bytes_at_wait()->stderr_bytes, 3U);
  EXPECT_EQ(execution->late_chunks(), 0U);
  execution->OnExitCallback(0);
  execution->OnChunk(Stream::kStdout, three);
  EXPECT_EQ(execution->late_chunks(), 1U);
  execution->Close([](ffi::Status) {});
}

TEST_F(Bridge, KeepsWhatNobodyReadForLater) {
  auto execution = Shell("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done");
  ASSERT_TRUE(execution);
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_EQ(story.ending.terminal.code, 0);
  std::string all;
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  for (;;) {
    auto result = execution->Read(Stream::kStdout, 1 << 20);
    if (result.kind != ReadResult::Kind::kBytes) break;
    all.append(result.bytes.bytes().begin(), result.bytes.bytes().end());
  }
  EXPECT_EQ(all.substr(0, 14), "line 0\nline 1\n");
  EXPECT_NE(all.find("line 1999\n"), std::string::npos);
}

TEST_F(Bridge, GathersAStreamWithoutASingleRead) {
  auto execution = Shell("head -c 3000000 /dev/zero | tr '\\0' x; echo err >&2; exit 2");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Gather(Stream::kStdout, 2'000'000).ok());
  EXPECT_EQ(execution->Attach(Stream::kStdout).error().code, BOXLITE_INVALID_STATE);
  EXPECT_FALSE(execution->Gather(Stream::kStdout, 1).ok());
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {Stream::kStderr});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_EQ(story.err, "err\n");
  EXPECT_EQ(story.ending.terminal.code, 2);
  EXPECT_FALSE(execution->TakeGathered(Stream::kStderr));
  auto gathered = execution->TakeGathered(Stream::kStdout);
  ASSERT_TRUE(gathered);
  EXPECT_EQ(gathered->size(), 2'000'000U);
  EXPECT_TRUE(gathered->truncated());
  EXPECT_FALSE(execution->TakeGathered(Stream::kStdout)) << "once";
}

TEST_F(Bridge, GathersWhatCameBeforeFromMemoryAndFile) {
  auto execution = EndedUnread("seq 1 400000");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Gather(Stream::kStdout, ~0ULL).ok());
  auto gathered = execution->TakeGathered(Stream::kStdout);
  ASSERT_TRUE(gathered && gathered->is_large());
  std::string expected;
  for (int i = 1; i <= 400000; ++i) expected += std::to_string(i) + "\n";
  const auto bytes = gathered->large().bytes();
  EXPECT_TRUE(std::string(bytes.begin(), bytes.end()) == expected);
}

TEST_F(Bridge, AClosedExecutionHasGatheredNothing) {
  auto execution = Shell("echo x; exec sleep 60");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Gather(Stream::kStdout, ~0ULL).ok());
  Follower follower(*loop_);
  follower.Add(execution, {});
  execution->Close([](ffi::Status) {});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_FALSE(execution->TakeGathered(Stream::kStdout));
  EXPECT_FALSE(execution->Gather(Stream::kStderr, ~0ULL).ok());
}

TEST_F(Bridge, SpillsWhatNobodyReadsAndLosesNothing) {
  auto execution = EndedUnread("head -c 8000000 /dev/zero");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  std::size_t bytes = 0;
  for (;;) {
    auto result = execution->Read(Stream::kStdout, 1 << 20);
    if (result.kind != ReadResult::Kind::kBytes) break;
    bytes += result.bytes.size();
  }
  EXPECT_EQ(bytes, 8'000'000U);
}

TEST_F(Bridge, LosesNothingInManyShortCommands) {
  constexpr int kCommands = 200;
  Follower follower(*loop_);
  std::vector<std::pair<std::string, Story*>> expected;
  std::vector<std::shared_ptr<Execution>> keep;
  for (int i = 0; i < kCommands; ++i) {
    auto execution = Exec("/bin/echo", {"number", std::to_string(i)});
    ASSERT_TRUE(execution.ok()) << execution.error().message;
    keep.push_back(execution.value());
    expected.emplace_back("number " + std::to_string(i) + "\n",
                          &follower.Add(execution.value(), {Stream::kStdout, Stream::kStderr}));
  }
  ASSERT_TRUE(follower.UntilExited(kCommands));
  for (const auto& [text, story] : expected) EXPECT_EQ(story->out, text);
}

TEST_F(Bridge, AReaderThatLeavesHoldsNothingUp) {
  auto execution = Shell("head -c 3000000 /dev/zero; exit 4");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  execution->Leave(Stream::kStdout);
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_EQ(story.ending.terminal.code, 4);
}

TEST_F(Bridge, AWaitWithoutDrainDoesNotWaitForAReader) {
  auto execution = Shell("echo unread");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  auto id = execution->AskWait(false);
  for (;;) {
    auto next = loop_->Next();
    ASSERT_TRUE(next);
    auto batch = next->TakeBatch();
    EXPECT_FALSE(batch.exit);
    if (!batch.early_waits.empty()) {
      EXPECT_EQ(batch.early_waits.front(), id);
      EXPECT_EQ(batch.ending.terminal.code, 0);
      break;
    }
  }
}

TEST_F(Bridge, FailsAnExecutionThatPassesItsBound) {
  auto execution = Exec("/bin/sh", {"-c", "head -c 5000000 /dev/zero; sleep 100"}, 2'000'000);
  ASSERT_TRUE(execution.ok());
  Follower follower(*loop_);
  auto& story = follower.Add(execution.value(), {});
  ASSERT_TRUE(follower.UntilExited(1));
  ASSERT_TRUE(story.ending.terminal.error);
  EXPECT_EQ(story.ending.terminal.error->code, static_cast<int>(ffi::ErrorCode::kResourceExhausted));
  EXPECT_NE(story.ending.terminal.error->message.find("maxBufferedBytes"), std::string::npos);
}

TEST_F(Bridge, PausesTheSourceOfASlowReaderInsteadOfSpilling) {
  auto execution = Shell("head -c 50000000 /dev/zero");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  std::size_t bytes = 0;
  bool exited = false;
  while (!exited) {
    auto result = execution->Read(Stream::kStdout, 8192);
    if (result.kind == ReadResult::Kind::kBytes) {
      bytes += result.bytes.size();
      continue;
    }
    auto next = loop_->Next();
    ASSERT_TRUE(next);
    exited = next->TakeBatch().exit;
  }
  EXPECT_EQ(bytes, 50'000'000U);
}

TEST_F(Bridge, KeepsTheOrderOfWritesTakenAtOnceAndOfThoseThatWait) {
  auto started = Exec("/bin/cat", {});
  ASSERT_TRUE(started.ok()) << started.error().message;
  auto& execution = started.value();
  std::string bytes(8'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 2654435761U >> 24);
  std::thread writer([&] {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::vector<Answer<ffi::Unit>> answers;
    for (std::size_t at = 0, size = 1; at < bytes.size(); at += size) {
      size = std::min(size * 7 % 300'007 + 1, bytes.size() - at);
      const auto taken = execution->TryWrite(data + at, size);
      if (taken == size) continue;
      execution->Write(data + at + taken, size - taken, answers.emplace_back().completion());
      // Some are waited for, so that the next one finds an empty queue.
      if (answers.size() % 3 == 0) answers.back().Get();
    }
    Answer<ffi::Unit> closed;
    execution->CloseStdin(closed.completion());
    for (auto& answer : answers) EXPECT_TRUE(answer.Get().ok());
  });
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {Stream::kStdout});
  EXPECT_TRUE(follower.UntilExited(1));
  writer.join();
  EXPECT_TRUE(story.out == bytes);
  EXPECT_EQ(execution->TryWrite(reinterpret_cast<const std::uint8_t*>("x"), 1), 0U);
}

TEST_F(Bridge, CloseEndsARunningExecution) {
  auto execution = Shell("sleep 1000");
  ASSERT_TRUE(execution);
  execution->AskWait(true);
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {Stream::kStdout, Stream::kStderr});
  bool closed = false;
  execution->Close([&](ffi::Status status) { closed = status.ok(); });
  while (!closed) {
    auto next = loop_->Next();
    ASSERT_TRUE(next);
    follower.Deliver(next);
  }
  EXPECT_EQ(story.events, (std::vector<std::string>{"exit", "wait1"}));
  EXPECT_EQ(story.ending.terminal.code, -9);
}

TEST_F(Bridge, CloseAfterExitAnswersToo) {
  auto execution = Shell("true");
  ASSERT_TRUE(execution);
  Follower follower(*loop_);
  auto& story = follower.Add(execution, {});
  ASSERT_TRUE(follower.UntilExited(1));
  int closed = 0;
  for (int i = 0; i < 3; ++i) execution->Close([&](ffi::Status) { ++closed; });
  while (closed < 3) {
    auto next = loop_->Next();
    ASSERT_TRUE(next);
    follower.Deliver(next);
  }
  EXPECT_EQ(story.events, (std::vector<std::string>{"exit"}));
}

// Exit is decided on the drain thread and told a turn later: who attaches in between is a reader like any
// other.
TEST_F(Bridge, AReaderThatAttachesBeforeExitIsToldHoldsItUp) {
  for (bool both : {false, true}) {
    auto execution = Shell("echo in between");
    ASSERT_TRUE(execution);
    auto id = execution->AskWait(true);
    while (!execution->exited()) ASSERT_TRUE(loop_->Next());
    ASSERT_TRUE((both ? execution->AttachBoth() : execution->Attach(Stream::kStdout)).ok());
    auto batch = execution->TakeBatch();
    EXPECT_FALSE(batch.exit);
    EXPECT_TRUE(batch.waits.empty());
    auto read = [&] { return both ? execution->ReadAny(100) : execution->Read(Stream::kStdout, 100); };
    EXPECT_EQ(read().bytes.size(), std::string("in between\n").size());
    EXPECT_FALSE(execution->TakeBatch().exit);
    EXPECT_EQ(read().kind, ReadResult::Kind::kEnd);
    batch = execution->TakeBatch();
    EXPECT_TRUE(batch.exit);
    EXPECT_EQ(batch.waits, std::vector<std::uint64_t>{id});
    EXPECT_EQ(batch.ending.terminal.code, 0);
  }
}

// Freed on the closing thread itself, because nobody else is left to do it: the lock must not be held then.
TEST_F(Bridge, CloseOfAHeldExitGivesTheHandleBackWithoutTheLock) {
  auto execution = Shell("echo unread");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->Attach(Stream::kStdout).ok());
  execution->AskWait(false);
  while (loop_->Next()->TakeBatch().early_waits.empty()) continue;
  ASSERT_TRUE(executor_->Shutdown(kPatience));
  bool closed = false;
  execution->Close([&](ffi::Status) { closed = true; });
  auto batch = execution->TakeBatch();
  EXPECT_TRUE(batch.exit);
  for (auto& done : batch.closed) done(ffi::Unit{});
  EXPECT_TRUE(closed);
}

TEST_F(Bridge, RecordsThatTheDeadlinePassed) {
  ffi::Command command;
  command.command = "/bin/sleep";
  command.args = {"1000"};
  command.timeout = std::chrono::milliseconds(50);
  auto execution = Exec(command);
  ASSERT_TRUE(execution.ok());
  Follower follower(*loop_);
  auto& story = follower.Add(execution.value(), {});
  ASSERT_TRUE(follower.UntilExited(1));
  EXPECT_TRUE(story.ending.timed_out);
  EXPECT_EQ(story.ending.terminal.code, -15);
}

TEST_F(Bridge, ReadsBothStreamsInOrderOfArrival) {
  auto execution = Shell("read a; echo one; read a; echo two >&2; read a; echo three");
  ASSERT_TRUE(execution);
  ASSERT_TRUE(execution->AttachBoth().ok());
  std::string seen;
  bool exited = false;
  int lines = 0;
  auto send = [&] {
    Answer<ffi::Unit> written;
    execution->Write(reinterpret_cast<const std::uint8_t*>("\n"), 1, written.completion());
    EXPECT_TRUE(written.Get().ok());
  };
  send();
  while (!exited) {
    auto result = execution->ReadAny(1000);
    if (result.kind == ReadResult::Kind::kBytes) {
      seen += result.stream == Stream::kStdout ? "1:" : "2:";
      seen.append(result.bytes.bytes().begin(), result.bytes.bytes().end());
      if (++lines < 3) send();
      continue;
    }
    auto next = loop_->Next();
    ASSERT_TRUE(next);
    exited = next->TakeBatch().exit;
  }
  EXPECT_EQ(seen, "1:one\n2:two\n1:three\n");
}

TEST_F(Bridge, ClosingTheSessionAnswersEverything) {
  std::vector<std::shared_ptr<Execution>> executions;
  for (int i = 0; i < 20; ++i) {
    executions.push_back(Shell("while :; do echo flood; done"));
    ASSERT_TRUE(executions.back());
    executions.back()->AskWait(true);
  }
  EXPECT_TRUE(session_->Close(std::chrono::milliseconds(0)).ok());
  for (const auto& execution : executions) {
    auto batch = execution->TakeBatch();
    EXPECT_TRUE(batch.exit);
    EXPECT_EQ(batch.waits.size(), 1U);
  }
  auto late = Exec("/bin/true", {});
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, static_cast<int>(ffi::ErrorCode::kStopped));
}

TEST_F(Bridge, AQuietStartIsToldWithItsEndWithoutATurnOfTheLoop) {
  auto execution = QuietShell("echo x");
  ASSERT_TRUE(execution);
  bool exited = false;
  while (!exited) {
    ASSERT_TRUE(loop_->Next());
    exited = execution->TakeBatch().exit;
  }
  ASSERT_TRUE(execution->Gather(Stream::kStdout, ~0ULL).ok()) << "what came before is kept";
  auto gathered = execution->TakeGathered(Stream::kStdout);
  ASSERT_TRUE(gathered);
  EXPECT_EQ(gathered->small().size(), 2U);
}

TEST_F(Bridge, AQuietStartOfALongCommandIsToldByItself) {
  auto execution = QuietShell("exec sleep 60");
  ASSERT_TRUE(execution);
  ASSERT_EQ(loop_->Next(), execution);
  EXPECT_FALSE(execution->TakeBatch().exit);
}

TEST_F(Bridge, AQuietStartIsToldAgainWhereTheFirstToldDidNotKnowOfIt) {
  auto execution = QuietShell("echo x");
  ASSERT_TRUE(execution);
  // Nobody takes the batch of the end, as where it comes before the start is on its way.
  ASSERT_EQ(loop_->Next(), execution);
  ASSERT_EQ(loop_->Next(), execution);
  EXPECT_TRUE(execution->exited());
}

TEST_F(Bridge, ExecFailuresAreTyped) {
  auto missing = Exec("/no/such/program", {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, static_cast<int>(ffi::ErrorCode::kExecution));
  EXPECT_EQ(missing.error().operation, "box.exec");
}

TEST_F(Bridge, AFloodOfKillsAndClosesLeavesNothingBehind) {
  for (int round = 0; round < 30; ++round) {
    auto execution = Shell("while :; do echo flood; done");
    ASSERT_TRUE(execution);
    if (round % 2 == 0) execution->Kill([](ffi::Status) {});
    bool closed = false;
    execution->Close([&](ffi::Status) { closed = true; });
    int exits = 0;
    while (!closed) {
      auto next = loop_->Next();
      ASSERT_TRUE(next);
      auto batch = next->TakeBatch();
      exits += batch.exit ? 1 : 0;
      for (auto& done : batch.closed) done(ffi::Unit{});
    }
    EXPECT_EQ(exits, 1);
  }
}

}  // namespace
}  // namespace boxlite::test
