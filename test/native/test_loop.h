// Stands for the JavaScript thread in C++ tests: takes batches one after another, on the test's thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "exec/session.h"

namespace boxlite::test {

/// Generous: only a test that fails waits this long.
inline constexpr std::chrono::seconds kPatience{60};

class TestLoop final : public exec::Wakeup {
 public:
  void Notify(std::shared_ptr<exec::Execution> execution) override {
    std::lock_guard lock(mutex_);
    ready_.push_back(std::move(execution));
    changed_.notify_all();
  }

  /// The next execution with a batch; null when none came in time.
  std::shared_ptr<exec::Execution> Next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [this] { return !ready_.empty(); })) return nullptr;
    auto execution = std::move(ready_.front());
    ready_.pop_front();
    return execution;
  }

  /// Lets go of what nobody took: executions hold this loop.
  void Clear() {
    std::lock_guard lock(mutex_);
    ready_.clear();
  }

 private:
  std::mutex mutex_;  // guards ready_
  std::condition_variable changed_;
  std::deque<std::shared_ptr<exec::Execution>> ready_;
};

/// Waits for the answer to one operation.
template <class Value>
class Answer {
 public:
  ffi::Completion<Value> completion() {
    return [state = state_](ffi::Result<Value> result) {
      std::lock_guard lock(state->mutex);
      state->result = std::make_unique<ffi::Result<Value>>(std::move(result));
      state->changed.notify_all();
    };
  }
  ffi::Result<Value> Get() {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, kPatience, [this] { return state_->result != nullptr; })) {
      return ffi::MakeError(ffi::ErrorCode::kInternal, "the test ran out of patience");
    }
    return std::move(*state_->result);
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_ptr<ffi::Result<Value>> result;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// An open session on the embedded engine with one box.
class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto runtime = ffi::Runtime::Open({}, executor_);
    ASSERT_TRUE(runtime.ok()) << runtime.error().message;
    session_ = exec::Session::Create(runtime.value(), loop_);
    box_ = NewBox();
  }
  void TearDown() override {
    if (session_) session_->Close(std::chrono::milliseconds(0));
    box_.reset();
    session_.reset();
    loop_->Clear();
    EXPECT_TRUE(executor_->Shutdown(kPatience));
  }

  std::shared_ptr<ffi::Box> NewBox() {
    Answer<std::shared_ptr<ffi::Box>> answer;
    session_->runtime().CreateBox({}, answer.completion());
    auto box = answer.Get();
    EXPECT_TRUE(box.ok()) << box.error().message;
    return box.ok() ? box.value() : nullptr;
  }

  ffi::Result<std::shared_ptr<exec::Execution>> Exec(std::string program, std::vector<std::string> args,
                                                     std::optional<std::uint64_t> max_buffered = {}) {
    ffi::Command command;
    command.command = std::move(program);
    command.args = std::move(args);
    return Exec(std::move(command), max_buffered);
  }
  ffi::Result<std::shared_ptr<exec::Execution>> Exec(ffi::Command command,
                                                     std::optional<std::uint64_t> max_buffered = {}) {
    Answer<std::shared_ptr<exec::Execution>> answer;
    session_->Exec(box_, std::move(command), max_buffered, answer.completion());
    auto started = answer.Get();
    if (started.ok()) started.value()->Begin();
    return started;
  }
  std::shared_ptr<exec::Execution> Shell(const std::string& script) {
    auto execution = Exec("/bin/sh", {"-c", script});
    EXPECT_TRUE(execution.ok()) << execution.error().message;
    return execution.ok() ? execution.value() : nullptr;
  }

  /// Nobody begins it, and nobody needs to.
  std::shared_ptr<exec::Execution> QuietShell(const std::string& script) {
    ffi::Command command;
    command.command = "/bin/sh";
    command.args = {"-c", script};
    command.quiet_start = true;
    Answer<std::shared_ptr<exec::Execution>> answer;
    session_->Exec(box_, std::move(command), {}, answer.completion());
    auto started = answer.Get();
    EXPECT_TRUE(started.ok()) << started.error().message;
    return started.ok() ? started.value() : nullptr;
  }

  std::shared_ptr<ffi::CallExecutor> executor_ = std::make_shared<ffi::CallExecutor>();
  std::shared_ptr<TestLoop> loop_ = std::make_shared<TestLoop>();
  std::shared_ptr<exec::Session> session_;
  std::shared_ptr<ffi::Box> box_;
};

}  // namespace boxlite::test
