// The bridge over the fault engine, without JavaScript: what is worth running under the sanitizers too.
#ifdef FAULT_ENGINE

#include <atomic>
#include <thread>

#include "test_loop.h"

namespace boxlite::test {
namespace {

using exec::Execution;
using exec::ReadResult;
using exec::Stream;

class Hazard : public ::testing::Test {
 protected:
  void SetUp() override {
    ffi::RuntimeOptions options;
    options.library_path = FAULT_ENGINE;
    auto runtime = ffi::Runtime::Open(options, executor_);
    ASSERT_TRUE(runtime.ok()) << runtime.error().message;
    session_ = exec::Session::Create(runtime.value(), loop_);
    Answer<std::shared_ptr<ffi::Box>> answer;
    session_->runtime().CreateBox({}, answer.completion());
    auto box = answer.Get();
    ASSERT_TRUE(box.ok()) << box.error().message;
    box_ = box.value();
  }
  void TearDown() override {
    if (session_) session_->Close(std::chrono::milliseconds(0));
    box_.reset();
    session_.reset();
    EXPECT_TRUE(executor_->Shutdown(kPatience));
    loop_->Clear();
  }

  std::shared_ptr<Execution> Play(const std::string& script) {
    ffi::Command command;
    command.command = script;
    Answer<std::shared_ptr<Execution>> answer;
    session_->Exec(box_, std::move(command), {}, answer.completion());
    auto started = answer.Get();
    EXPECT_TRUE(started.ok()) << started.error().message;
    return started.ok() ? started.value() : nullptr;
  }

  /// Reads stdout to its end and takes batches until Exit; then closes, and takes what still comes.
  struct Story {
    std::string out;
    int exits = 0;
    int waits = 0;
    bool late = false;
    int code = 0;
    std::optional<ffi::Error> error;
  };
  Story Follow(const std::shared_ptr<Execution>& execution) {
    Story story;
    EXPECT_TRUE(execution->Attach(Stream::kStdout).ok());
    execution->Begin();
    bool closed = false;
    Take(*execution, story);
    while (story.exits == 0) {
      if (!Turn(execution, story)) return story;
    }
    execution->Close([&closed](ffi::Status) { closed = true; });
    while (!closed) {
      if (!Turn(execution, story)) return story;
    }
    return story;
  }

  std::shared_ptr<ffi::CallExecutor> executor_ = std::make_shared<ffi::CallExecutor>();
  std::shared_ptr<TestLoop> loop_ = std::make_shared<TestLoop>();
  std::shared_ptr<exec::Session> session_;
  std::shared_ptr<ffi::Box> box_;

 private:
  bool Turn(const std::shared_ptr<Execution>& execution, Story& story) {
    auto next = loop_->Next();
    EXPECT_TRUE(next) << "nothing came";
    if (next == execution) Take(*execution, story);
    return next != nullptr;
  }

  void Take(Execution& execution, Story& story) {
    Read(execution, story);
    auto batch = execution.TakeBatch();
    // What came between the read and the batch is told by it, and by nothing else.
    if (batch.readable[exec::IndexOf(Stream::kStdout)]) Read(execution, story);
    if (batch.exit) {
      ++story.exits;
      story.code = batch.ending.terminal.code;
      story.error = batch.ending.terminal.error;
    }
    story.waits += static_cast<int>(batch.waits.size());
    for (auto& done : batch.closed) done(ffi::Unit{});
  }

  void Read(Execution& execution, Story& story) {
    for (;;) {
      auto result = execution.Read(Stream::kStdout, 1 << 16);
      if (result.kind != ReadResult::Kind::kBytes) return;
      story.late |= story.exits > 0;
      story.out.append(result.bytes.bytes().begin(), result.bytes.bytes().end());
    }
  }
};

TEST_F(Hazard, AWaitThatOvertakesTheOutputIsHeld) {
  auto execution = Play("wait 0; flood stdout 3000 64; exit 0");
  ASSERT_TRUE(execution);
  execution->AskWait(true);
  auto story = Follow(execution);
  EXPECT_EQ(story.out.size(), 3000U * 64);
  EXPECT_EQ(story.exits, 1);
  EXPECT_EQ(story.waits, 1);
}

TEST_F(Hazard, CallbacksFromAnotherThreadKeepTheOrder) {
  auto execution = Play("thread; flood stdout 2000 64; exit 3; stdout \"late\"; exit 4; wait 3");
  ASSERT_TRUE(execution);
  auto story = Follow(execution);
  EXPECT_EQ(story.out.size(), 2000U * 64);
  EXPECT_EQ(story.exits, 1);
  EXPECT_FALSE(story.late);
  EXPECT_EQ(story.code, 3);
}

TEST_F(Hazard, CallbacksAfterTheHandleWasFreedFindNobody) {
  auto execution =
      Play("outlive; end 0; hold freed; thread; stdout \"late\"; exit 7; wait-again 7; release hazard-late");
  ASSERT_TRUE(execution);
  auto story = Follow(execution);
  EXPECT_EQ(story.exits, 1);
  EXPECT_EQ(story.out, "");
  auto witness = Play("hold hazard-late; stdout \"alive\"; end 0");
  ASSERT_TRUE(witness);
  EXPECT_EQ(Follow(witness).out, "alive");
}

TEST_F(Hazard, AClosingThatMeetsTheNaturalEndIsOneEnd) {
  for (int i = 0; i < 100; ++i) {
    auto execution = Play("flood stdout 20 64; end 0");
    ASSERT_TRUE(execution);
    execution->AskWait(true);
    std::thread closer([&] { execution->Close([](ffi::Status) {}); });
    int exits = 0;
    int waits = 0;
    while (exits == 0) {
      auto next = loop_->Next();
      ASSERT_TRUE(next);
      auto batch = next->TakeBatch();
      if (next != execution) continue;
      exits += batch.exit ? 1 : 0;
      waits += static_cast<int>(batch.waits.size());
    }
    closer.join();
    auto rest = execution->TakeBatch();
    EXPECT_FALSE(rest.exit);
    EXPECT_EQ(exits, 1);
    EXPECT_EQ(waits + static_cast<int>(rest.waits.size()), 1);
  }
}

TEST_F(Hazard, AFailedDrainEndsWhatRunsAndWhatIsPending) {
  auto execution = Play("stdout \"x\"; hold hazard-never");
  ASSERT_TRUE(execution);
  execution->AskWait(true);
  Answer<std::vector<ffi::BoxInfo>> pending;
  auto failing = Play("early; drain-fails 7; end 0");
  auto story = Follow(execution);
  EXPECT_EQ(story.exits, 1);
  ASSERT_TRUE(story.error);
  EXPECT_EQ(story.error->code, static_cast<int>(ffi::ErrorCode::kStopped));
  session_->runtime().ListInfo(pending.completion());
  auto list = pending.Get();
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().code, static_cast<int>(ffi::ErrorCode::kStopped));
}

}  // namespace
}  // namespace boxlite::test

#endif
