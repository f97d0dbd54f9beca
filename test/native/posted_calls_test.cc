// Posted calls are answered exactly once, whoever comes first.
#include "ffi/posted_calls.h"

#include <gtest/gtest.h>

#include <vector>

namespace boxlite::ffi {
namespace {

void* AddCall(std::uint64_t owner, std::vector<int>& codes) {
  return posted_calls::Add(std::make_unique<PendingCallOf<Unit>>(
      owner, nullptr, "test",
      [&codes](Status status) { codes.push_back(status.ok() ? 0 : status.error().code); }));
}

TEST(PostedCalls, ACallbackFindsItsCallOnce) {
  std::vector<int> codes;
  void* id = AddCall(posted_calls::NewOwner(), codes);
  auto call = TakePosted<Unit>(id);
  ASSERT_TRUE(call);
  call->done(Unit{});
  EXPECT_FALSE(TakePosted<Unit>(id));
  EXPECT_EQ(codes, std::vector<int>({0}));
}

TEST(PostedCalls, AClosedRuntimeFailsOnlyItsOwn) {
  std::vector<int> mine;
  std::vector<int> others;
  auto owner = posted_calls::NewOwner();
  AddCall(owner, mine);
  AddCall(owner, mine);
  void* other = AddCall(posted_calls::NewOwner(), others);
  posted_calls::FailAll(owner, MakeError(ErrorCode::kStopped, "closed"));
  EXPECT_EQ(mine, std::vector<int>({11, 11}));
  EXPECT_TRUE(others.empty());
  EXPECT_TRUE(posted_calls::Take(other));
}

TEST(PostedCalls, AnUnknownIdFindsNothing) {
  EXPECT_FALSE(posted_calls::Take(nullptr));
  EXPECT_FALSE(posted_calls::Take(reinterpret_cast<void*>(~0ULL >> 1)));
}

}  // namespace
}  // namespace boxlite::ffi
