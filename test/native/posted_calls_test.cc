// Posted calls are answered exactly once, whoever comes first.
#include "ffi/posted_calls.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine_fixture.h"
#include "ffi/callbacks.h"

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
  auto call = posted_calls::Take(id);
  ASSERT_TRUE(call);
  EXPECT_FALSE(call->is_over());
  AsPosted<Unit>(*call).done(Unit{});
  EXPECT_FALSE(posted_calls::Take(id));
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

TEST(PostedCalls, ACallbackThatComesTooLateFindsACallThatIsOverOnce) {
  std::vector<int> codes;
  auto owner = posted_calls::NewOwner();
  void* id = AddCall(owner, codes);
  posted_calls::FailAll(owner, MakeError(ErrorCode::kStopped, "closed"));
  posted_calls::FailAll(owner, MakeError(ErrorCode::kStopped, "closed"));
  EXPECT_EQ(codes, std::vector<int>({11}));
  auto call = posted_calls::Take(id);
  ASSERT_TRUE(call);
  EXPECT_TRUE(call->is_over());
  EXPECT_FALSE(posted_calls::Take(id));
}

class LateCallback : public test::EngineTest {};

TEST_F(LateCallback, ABoxThatComesTooLateIsGivenBack) {
  auto* box = NewBox();
  auto* execution = Exec(box, "exec sleep 60");
  ASSERT_NE(execution, nullptr);
  test::Told ended;
  boxlite_execution_wait(execution, test::OnWait, &ended, nullptr);
  const auto owner = posted_calls::NewOwner();
  int answers = 0;
  void* id = posted_calls::Add(std::make_unique<PendingCallOf<std::shared_ptr<ReturnedBox>>>(
      owner, Library::OpenEmbedded(), "test", [&answers](auto) { ++answers; }));
  posted_calls::FailAll(owner, MakeError(ErrorCode::kStopped, "closed"));
  CBoxliteError none{};
  OnBox(box, &none, id);
  EXPECT_EQ(answers, 1);
  // A box runs for as long as somebody has a handle to it.
  EXPECT_TRUE(DrainUntilTold(ended));
  boxlite_execution_free(execution);
}

TEST(PostedCalls, AnUnknownIdFindsNothing) {
  EXPECT_FALSE(posted_calls::Take(nullptr));
  EXPECT_FALSE(posted_calls::Take(reinterpret_cast<void*>(~0ULL >> 1)));
}

}  // namespace
}  // namespace boxlite::ffi
