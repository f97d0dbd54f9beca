// One stream: every state against every event.
#include "exec/stream_pump.h"

#include <gtest/gtest.h>

#include <string_view>

namespace boxlite::exec {
namespace {

std::span<const std::uint8_t> Bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

StreamPump Small() { return StreamPump({.memory = 16, .total = 40}); }

TEST(StreamPump, IsCapturedAtTheEndAndDrainedWhenNobodyReads) {
  auto pump = Small();
  EXPECT_EQ(pump.Append(Bytes("abc")), StreamPump::Fate::kKept);
  EXPECT_FALSE(pump.captured());
  EXPECT_FALSE(pump.drained());
  pump.End();
  EXPECT_TRUE(pump.captured());
  EXPECT_TRUE(pump.drained());
}

TEST(StreamPump, IsDrainedOnlyOnceItsReaderWasToldTheEnd) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("abc"));
  pump.End();
  EXPECT_TRUE(pump.captured());
  EXPECT_FALSE(pump.drained());
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kBytes);
  pump.spool().TakeFromMemory(100);
  EXPECT_FALSE(pump.drained()) << "the last byte was given, the end was not told";
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kEnd);
  EXPECT_TRUE(pump.drained());
}

TEST(StreamPump, AReaderThatLeavesHoldsNothingUp) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("abc"));
  pump.Leave();
  EXPECT_TRUE(pump.drained());
  EXPECT_TRUE(pump.spool().empty());
  EXPECT_EQ(pump.Append(Bytes("more")), StreamPump::Fate::kDiscarded);
}

TEST(StreamPump, HasOneReader) {
  auto pump = Small();
  EXPECT_TRUE(pump.Attach());
  EXPECT_FALSE(pump.Attach());
  pump.Leave();
  EXPECT_FALSE(pump.Attach());
}

TEST(StreamPump, WakesAReaderOnceForEachEmptyRead) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("a"));
  EXPECT_FALSE(pump.TakeWake()) << "nobody has read and found nothing";
  pump.spool().TakeFromMemory(1);
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kNothingYet);
  EXPECT_FALSE(pump.TakeWake());
  pump.Append(Bytes("b"));
  EXPECT_TRUE(pump.TakeWake());
  EXPECT_FALSE(pump.TakeWake());
}

TEST(StreamPump, WakesAWaitingReaderForTheEnd) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kNothingYet);
  pump.End();
  EXPECT_TRUE(pump.TakeWake());
}

TEST(StreamPump, SaysWhatIsMissingUnlessItHadEnded) {
  const auto why = ffi::MakeError(ffi::ErrorCode::kStopped, "gone");
  auto ended = Small();
  ended.End();
  ended.CutShort(why);
  EXPECT_EQ(ended.missing(), nullptr);
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  ASSERT_EQ(pump.Peek(), StreamPump::Next::kNothingYet);
  pump.CutShort(why);
  EXPECT_TRUE(pump.captured());
  EXPECT_TRUE(pump.TakeWake());
  ASSERT_NE(pump.missing(), nullptr);
  EXPECT_EQ(pump.missing()->message, "gone");
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kEnd);
  EXPECT_TRUE(pump.drained());
  pump.Leave();
  EXPECT_EQ(pump.missing(), nullptr) << "who has left misses nothing";
}

TEST(StreamPump, ACloseWakesAWaitingReaderWhoIsCutOff) {
  auto pump = Small();
  pump.Attach();
  ASSERT_EQ(pump.Peek(), StreamPump::Next::kNothingYet);
  pump.Close();
  EXPECT_TRUE(pump.cut_off());
  EXPECT_TRUE(pump.TakeWake());
  EXPECT_FALSE(pump.TakeWake());
}

TEST(StreamPump, ACloseCutsNobodyOffWhoWasToldTheEndOrNeverRead) {
  auto told = Small();
  told.Attach();
  told.End();
  ASSERT_EQ(told.Peek(), StreamPump::Next::kEnd);
  told.Close();
  EXPECT_FALSE(told.cut_off());
  auto unread = Small();
  unread.Append(Bytes("x"));
  unread.Close();
  EXPECT_FALSE(unread.cut_off());
  EXPECT_FALSE(unread.TakeWake());
}

TEST(StreamPump, CountsAndDropsChunksAfterTheEnd) {
  auto pump = Small();
  pump.End();
  EXPECT_EQ(pump.Append(Bytes("late")), StreamPump::Fate::kDiscarded);
  EXPECT_EQ(pump.late_chunks(), 1U);
  EXPECT_TRUE(pump.spool().empty());
}

TEST(StreamPump, RefusesWhatPassesTheTotal) {
  auto pump = Small();
  EXPECT_EQ(pump.Append(Bytes("0123456789012345678901234567890123456789")), StreamPump::Fate::kKept);
  EXPECT_EQ(pump.Append(Bytes("x")), StreamPump::Fate::kOverLimit);
  EXPECT_EQ(pump.spool().size(), 40U) << "what was kept stays readable";
}

TEST(StreamPump, NeverPausesAStreamThatNobodyReads) {
  auto pump = Small();
  pump.Append(Bytes("0123456789012345678901234567890"));
  EXPECT_FALSE(pump.WantsPause());
}

TEST(StreamPump, PausesForASlowReaderAndResumesWhenItCaughtUp) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("012345678901"));
  EXPECT_TRUE(pump.WantsPause());
  pump.spool().TakeFromMemory(6);
  EXPECT_TRUE(pump.WantsPause()) << "does not flap";
  pump.spool().TakeFromMemory(6);
  EXPECT_FALSE(pump.WantsPause());
}

TEST(StreamPump, ALeavingReaderEndsThePause) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("012345678901"));
  EXPECT_TRUE(pump.WantsPause());
  pump.Leave();
  EXPECT_FALSE(pump.WantsPause());
}

TEST(StreamPump, ReadsItsFileAfterItsMemory) {
  auto pump = Small();
  ASSERT_TRUE(pump.Attach());
  pump.Append(Bytes("0123456789012345"));
  pump.Append(Bytes("spilled"));
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kBytes);
  pump.spool().TakeFromMemory(100);
  EXPECT_EQ(pump.Peek(), StreamPump::Next::kFile);
}

}  // namespace
}  // namespace boxlite::exec
