// Many executions at once, each read, left, killed and closed from several threads in an order that a seed
// decides. For ThreadSanitizer above all; BX_STRESS_SEED repeats a run, BX_STRESS_ROUNDS makes it longer.
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "test_loop.h"

namespace boxlite::test {
namespace {

using exec::Execution;
using exec::ReadResult;
using exec::Stream;

constexpr int kAtOnce = 16;

unsigned Setting(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// What is known of one execution by the thread that delivers.
struct Subject {
  std::shared_ptr<Execution> execution;
  unsigned decisions = 0;
  std::uint64_t bytes = 0;
  std::size_t waits = 0;
  std::size_t answered = 0;
  bool reads = false;
  bool gathers = false;
  bool at_end = false;
  bool exited = false;
  bool closed = false;
};

class Stress : public SessionTest {
 protected:
  static constexpr std::uint64_t kBytes = 300'000;

  void Start(std::mt19937& random) {
    Subject subject;
    subject.decisions = static_cast<unsigned>(random());
    subject.execution = Shell("head -c 300000 /dev/zero; echo e >&2; exit 3");
    ASSERT_TRUE(subject.execution);
    subject.reads = random() % 4 != 0;
    subject.gathers = !subject.reads && random() % 2 == 0;
    if (subject.reads) {
      EXPECT_TRUE(subject.execution->Attach(Stream::kStdout).ok());
    }
    if (subject.gathers) {
      EXPECT_TRUE(subject.execution->Gather(Stream::kStdout, ~0ULL).ok());
    }
    subject.waits = random() % 4;
    for (std::size_t i = 0; i < subject.waits; ++i) subject.execution->AskWait(random() % 2 == 0);
    auto* key = subject.execution.get();
    subjects_[key] = std::move(subject);
    Read(subjects_[key]);
  }

  void Read(Subject& subject) {
    while (subject.reads && !subject.at_end) {
      auto result = subject.execution->Read(Stream::kStdout, 50'000);
      if (result.kind == ReadResult::Kind::kNothingYet) return;
      if (result.kind == ReadResult::Kind::kBytes) {
        EXPECT_FALSE(subject.exited) << "a chunk came after exit";
        subject.bytes += result.bytes.size();
        continue;
      }
      EXPECT_EQ(result.kind, ReadResult::Kind::kEnd);
      subject.at_end = true;
    }
  }

  void Deliver(Subject& subject) {
    auto batch = subject.execution->TakeBatch();
    subject.answered += batch.early_waits.size();
    if (batch.exit) {
      EXPECT_FALSE(subject.exited) << "exit came twice";
      subject.exited = true;
      if (batch.ending.terminal.code == 3 && subject.at_end && !Disturbed(subject)) {
        EXPECT_EQ(subject.bytes, kBytes);
      }
      if (subject.gathers) CheckGathered(subject, batch.ending.terminal.code);
    }
    EXPECT_TRUE(batch.waits.empty() || subject.exited) << "a wait overtook exit";
    subject.answered += batch.waits.size();
    for (auto& done : batch.closed) done(ffi::Unit{});
    Read(subject);
  }

  static void CheckGathered(Subject& subject, int code) {
    auto gathered = subject.execution->TakeGathered(Stream::kStdout);
    if (code != 3 || Disturbed(subject) || Left(subject)) return;
    ASSERT_TRUE(gathered);
    EXPECT_EQ(gathered->size(), kBytes);
  }

  static bool Left(const Subject& subject) { return subject.decisions % 11 == 0; }

  /// Killed, or closed before its end, which discards what is not read.
  static bool Disturbed(const Subject& subject) {
    return subject.decisions % 3 != 0 || subject.decisions % 2 == 0;
  }

  /// What other threads than the one that delivers do to an execution, at a moment of the scheduler's choice.
  static void Disturb(const std::shared_ptr<Execution>& execution, unsigned decisions) {
    for (unsigned i = 0; i < decisions % 64; ++i) std::this_thread::yield();
    if (decisions % 3 == 1) execution->Kill([](ffi::Status) {});
    if (decisions % 3 == 2) execution->Signal(15, [](ffi::Status) {});
    if (decisions % 7 == 0) execution->Write(nullptr, 0, [](ffi::Status) {});
    if (decisions % 5 == 0) (void)execution->exited();
  }

  std::map<Execution*, Subject> subjects_;
};

TEST_F(Stress, EverythingIsToldWhateverHappensMeanwhile) {
  const unsigned seed = Setting("BX_STRESS_SEED", std::random_device()());
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("BX_STRESS_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  for (unsigned round = Setting("BX_STRESS_ROUNDS", 6); round > 0; --round) {
    for (int i = 0; i < kAtOnce; ++i) Start(random);
    std::vector<std::thread> others;
    for (const auto& [key, subject] : subjects_) {
      others.emplace_back(Disturb, subject.execution, subject.decisions);
    }
    std::set<Execution*> open;
    for (auto& [key, subject] : subjects_) {
      open.insert(key);
      if (Left(subject)) {
        subject.execution->Leave(Stream::kStdout);
        subject.reads = false;
      }
      // Some end by themselves first; all are closed, which is the last that they tell.
      if (subject.decisions % 2 == 0)
        subject.execution->Close([&open, key = key](ffi::Status) { open.erase(key); });
    }
    while (!open.empty()) {
      auto next = loop_->Next();
      ASSERT_TRUE(next) << open.size() << " executions are stuck";
      auto& subject = subjects_.at(next.get());
      Deliver(subject);
      if (!subject.exited || std::exchange(subject.closed, true) || subject.decisions % 2 == 0) continue;
      subject.execution->Close([&open, key = next.get()](ffi::Status) { open.erase(key); });
    }
    for (auto& thread : others) thread.join();
    for (const auto& [key, subject] : subjects_) {
      EXPECT_TRUE(subject.exited);
      EXPECT_EQ(subject.answered, subject.waits);
    }
    subjects_.clear();
  }
}

}  // namespace
}  // namespace boxlite::test
