// The terminal events: order, once, and which result wins.
#include "exec/exit_pump.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace boxlite::exec {
namespace {

using ffi::ErrorCode;
using ffi::MakeError;
using Ids = std::vector<std::uint64_t>;

ffi::Error Failure(ErrorCode code) { return MakeError(code, "failed"); }

TEST(ExitPump, HoldsAWaitThatOvertakesTheLastChunk) {
  ExitPump pump;
  pump.AskWait(1, true);
  pump.OnWait(0, std::nullopt);
  auto emission = pump.Settle(false, false);
  EXPECT_FALSE(emission.exit);
  EXPECT_TRUE(emission.waits.empty());
  EXPECT_TRUE(pump.OnExitCallback(0));
  emission = pump.Settle(true, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(emission.waits, Ids({1}));
}

TEST(ExitPump, EmitsExitOnceAndWaitsInTheOrderTheyWereAsked) {
  ExitPump pump;
  for (std::uint64_t id = 1; id <= 5; ++id) pump.AskWait(id, true);
  pump.OnExitCallback(3);
  auto emission = pump.Settle(true, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(emission.waits, Ids({1, 2, 3, 4, 5}));
  EXPECT_FALSE(pump.OnExitCallback(4)) << "a second exit is only counted";
  pump.OnWait(5, std::nullopt);
  emission = pump.Settle(true, true);
  EXPECT_FALSE(emission.exit);
  EXPECT_TRUE(emission.waits.empty());
  EXPECT_EQ(pump.Result().code, 3);
}

TEST(ExitPump, AnswersALateWaitAtOnceWhoeverReads) {
  ExitPump pump;
  pump.OnExitCallback(0);
  pump.Settle(true, true);
  pump.AskWait(9, true);
  EXPECT_EQ(pump.Settle(true, false).waits, Ids({9}));
}

TEST(ExitPump, AnswersAWaitWithoutDrainWhenEverythingIsCaptured) {
  ExitPump pump;
  pump.AskWait(1, false);
  pump.AskWait(2, true);
  pump.OnWait(7, std::nullopt);
  EXPECT_TRUE(pump.Settle(false, false).early_waits.empty());
  auto emission = pump.Settle(true, false);
  EXPECT_EQ(emission.early_waits, Ids({1}));
  EXPECT_FALSE(emission.exit);
  emission = pump.Settle(true, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(emission.waits, Ids({2}));
}

TEST(ExitPump, AnswersAWaitWithoutDrainAlsoWhenBothReadersLeft) {
  ExitPump pump;
  pump.AskWait(1, false);
  pump.OnWait(0, std::nullopt);
  auto emission = pump.Settle(false, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(emission.early_waits, Ids({1}));
}

TEST(ExitPump, GivesTheWaitAGraceToSayMoreThanAnUnknownExit) {
  for (int unknown : {-1, -129}) {
    ExitPump pump;
    pump.OnExitCallback(unknown);
    EXPECT_FALSE(pump.Settle(true, true).exit);
    EXPECT_TRUE(pump.wants_grace());
    pump.OnWait(-9, std::nullopt);
    EXPECT_TRUE(pump.Settle(true, true).exit);
    EXPECT_EQ(pump.Result().code, -9);
  }
}

TEST(ExitPump, MakesNoExitCodeUpWhenTheEngineLostIt) {
  ExitPump pump;
  pump.OnExitCallback(-1);
  pump.OnGraceOver();
  EXPECT_TRUE(pump.Settle(true, true).exit);
  ASSERT_TRUE(pump.Result().error);
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kInternal));
}

TEST(ExitPump, NeedsNoGraceOnceTheExitIsKnown) {
  ExitPump pump;
  EXPECT_FALSE(pump.wants_grace());
  pump.OnWait(0, std::nullopt);
  EXPECT_TRUE(pump.wants_grace());
  pump.OnExitCallback(0);
  EXPECT_FALSE(pump.wants_grace());
}

TEST(ExitPump, ClosedIsTheResultOnlyWhenNothingBetterIsKnown) {
  ExitPump pump;
  pump.OnClose();
  pump.OnHandleFreed();
  pump.OnGraceOver();
  EXPECT_TRUE(pump.Settle(true, true).exit);
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kInvalidState));

  ExitPump killed;
  killed.OnClose();
  killed.OnExitCallback(-129);
  killed.OnWait(-9, std::nullopt);
  EXPECT_EQ(killed.Result().code, -9);
}

TEST(ExitPump, AFailureOfOursWinsOverTheStatusOfTheKill) {
  ExitPump pump;
  pump.OnFailure(Failure(ErrorCode::kResourceExhausted));
  pump.OnWait(-9, std::nullopt);
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kResourceExhausted));
}

TEST(ExitPump, ALostEngineEndsTheExecutionWithItsError) {
  ExitPump pump;
  pump.AskWait(1, true);
  pump.OnEngineGone(Failure(ErrorCode::kStopped));
  auto emission = pump.Settle(true, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kStopped));
}

TEST(ExitPump, AStoppedBoxIsTheReasonOfAnUnknownEnd) {
  ExitPump pump;
  pump.OnBoxStopped(Failure(ErrorCode::kStopped));
  pump.OnExitCallback(-1);
  pump.OnWait(-1, std::nullopt);
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kStopped));
}

TEST(ExitPump, TheResultStandsOnceExitIsEmitted) {
  ExitPump pump;
  pump.OnExitCallback(-1);
  pump.OnGraceOver();
  ASSERT_TRUE(pump.Settle(true, true).exit);
  pump.OnClose();
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kInternal));
  pump.OnBoxStopped(Failure(ErrorCode::kStopped));
  EXPECT_EQ(pump.Result().error->code, static_cast<int>(ErrorCode::kInternal));
}

TEST(ExitPump, TakesBackAnExitThatNobodyHasSeen) {
  ExitPump pump;
  pump.AskWait(1, true);
  pump.AskWait(2, true);
  pump.OnExitCallback(3);
  auto emission = pump.Settle(true, true);
  ASSERT_TRUE(emission.exit);
  pump.TakeBack(std::move(emission.waits));
  pump.AskWait(3, true);
  EXPECT_FALSE(pump.Settle(true, false).exit);
  emission = pump.Settle(true, true);
  EXPECT_TRUE(emission.exit);
  EXPECT_EQ(emission.waits, Ids({1, 2, 3}));
  EXPECT_EQ(pump.Result().code, 3);
}

TEST(ExitPump, TheFirstExitCallbackCounts) {
  ExitPump pump;
  EXPECT_TRUE(pump.OnExitCallback(4));
  EXPECT_FALSE(pump.OnExitCallback(5));
  EXPECT_EQ(pump.Result().code, 4);
}

// The precedence, row by row: wait's code, wait's error, exit's code.
TEST(ExitPump, TheWaitKnowsBest) {
  struct Row {
    std::optional<int> wait_code;
    bool wait_error;
    int exit_code;
    int code;
    std::optional<ErrorCode> error;
  };
  const Row rows[] = {
      {0, false, -129, 0, {}},
      {3, false, -1, 3, {}},
      {-15, false, 0, -15, {}},
      {{}, true, 5, -1, ErrorCode::kRpcTransport},
      {{}, true, -1, -1, ErrorCode::kRpcTransport},
      {-1, false, 7, 7, {}},
      {{}, false, 7, 7, {}},
  };
  for (const auto& row : rows) {
    ExitPump pump;
    if (row.wait_error) {
      pump.OnWait(-1, Failure(ErrorCode::kRpcTransport));
    } else if (row.wait_code) {
      pump.OnWait(*row.wait_code, std::nullopt);
    }
    pump.OnExitCallback(row.exit_code);
    EXPECT_EQ(pump.Result().code, row.code);
    EXPECT_EQ(pump.Result().error.has_value(), row.error.has_value());
    if (row.error) {
      EXPECT_EQ(pump.Result().error->code, static_cast<int>(*row.error));
    }
  }
}

// Every order of the events of one execution: exactly one exit, never before everything was drained, each
// wait once and not before exit.
TEST(ExitPump, KeepsItsPromisesInEveryOrder) {
  enum Event { kWait, kExit, kDrained, kAskEarly, kAskDraining, kClose, kGrace };
  std::vector<Event> order = {kWait, kExit, kDrained, kAskEarly, kAskDraining, kClose, kGrace};
  do {
    ExitPump pump;
    bool drained = false;
    int exits = 0;
    Ids answered;
    auto settle = [&] {
      const bool ended = pump.exit_seen() || drained;
      auto emission = pump.Settle(ended, ended && drained);
      for (auto id : emission.early_waits) answered.push_back(id);
      if (emission.exit) {
        EXPECT_TRUE(drained);
        ++exits;
      }
      for (auto id : emission.waits) {
        EXPECT_EQ(exits, 1) << "a wait overtook exit";
        answered.push_back(id);
      }
    };
    for (Event event : order) {
      switch (event) {
        case kWait: pump.OnWait(0, std::nullopt); break;
        case kExit: pump.OnExitCallback(0); break;
        case kDrained: drained = true; break;
        case kAskEarly: pump.AskWait(1, false); break;
        case kAskDraining: pump.AskWait(2, true); break;
        case kClose: pump.OnClose(); break;
        case kGrace: pump.OnGraceOver(); break;
      }
      settle();
    }
    EXPECT_EQ(exits, 1);
    std::sort(answered.begin(), answered.end());
    EXPECT_EQ(answered, Ids({1, 2}));
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace boxlite::exec
