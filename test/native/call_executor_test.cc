// Calls that block don't block each other, and a hanging one doesn't hang the end.
#include "ffi/call_executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace boxlite::ffi {
namespace {

constexpr std::chrono::seconds kPatience{60};

TEST(CallExecutor, RunsACallBesideOneThatBlocks) {
  CallExecutor executor;
  std::promise<void> release;
  std::promise<void> done;
  auto released = release.get_future().share();
  executor.Submit([released] { released.wait(); });
  executor.Submit([&done] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  release.set_value();
  EXPECT_TRUE(executor.Shutdown(kPatience));
}

TEST(CallExecutor, RunsEverythingThatWasSubmittedBeforeItsEnd) {
  CallExecutor executor;
  std::atomic<int> ran{0};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(executor.Submit([&ran] { ++ran; }));
  EXPECT_TRUE(executor.Shutdown(kPatience));
  EXPECT_EQ(ran, 1000);
}

TEST(CallExecutor, RefusesWorkAfterItsEnd) {
  CallExecutor executor;
  EXPECT_TRUE(executor.Shutdown(kPatience));
  EXPECT_FALSE(executor.Submit([] {}));
}

TEST(CallExecutor, GivesUpOnACallThatHangs) {
  std::promise<void> release;
  std::promise<void> started;
  {
    CallExecutor executor;
    executor.Submit([&, released = release.get_future().share()] {
      started.set_value();
      released.wait();
    });
    started.get_future().wait();
    EXPECT_FALSE(executor.Shutdown(std::chrono::milliseconds(1)));
    release.set_value();
    EXPECT_TRUE(executor.Shutdown(kPatience));
  }
}

}  // namespace
}  // namespace boxlite::ffi
