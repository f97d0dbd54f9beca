#include "exec/session.h"

#include <algorithm>

#include "exec/read_memory.h"

namespace boxlite::exec {

namespace {

using ffi::Error;
using ffi::Result;
using ffi::Status;
using std::chrono::milliseconds;

// How long a close waits for engines that answer late: a start in flight, an execution that won't be freed.
constexpr milliseconds kStartPatience{2000};
constexpr milliseconds kFreePatience{6000};

/// Counts executions that are still to be closed; shared with the completions.
class Countdown {
 public:
  explicit Countdown(std::size_t count) : left_(count) {}
  void Arrive() {
    std::lock_guard lock(mutex_);
    if (--left_ == 0) zero_.notify_all();
  }
  void Wait(milliseconds patience) {
    std::unique_lock lock(mutex_);
    zero_.wait_for(lock, patience, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;  // guards left_
  std::condition_variable zero_;
  std::size_t left_;
};

}  // namespace

std::shared_ptr<Session> Session::Create(std::shared_ptr<ffi::Runtime> runtime,
                                         std::shared_ptr<Wakeup> wakeup) {
  std::shared_ptr<Session> session(new Session(std::move(runtime), std::move(wakeup)));
  session->runtime_->OnDrainEnd([weak = std::weak_ptr(session)] {
    if (auto self = weak.lock()) self->OnEngineGone();
  });
  session->runtime_->OnDrainIdle(slab_pool::Trim);
  session->runtime_->ReadInto(read_memory::Lend);
  return session;
}

void Session::OnEngineGone() {
  {
    std::lock_guard lock(mutex_);
    engine_gone_ = true;
  }
  const Error why = runtime_->ClosedError("execution.wait");
  for (const auto& execution : Living()) execution->OnEngineGone(why);
}

Session::Session(std::shared_ptr<ffi::Runtime> runtime, std::shared_ptr<Wakeup> wakeup)
    : runtime_(std::move(runtime)), timer_(std::make_shared<TimerThread>()), wakeup_(std::move(wakeup)) {}

bool Session::closing() const {
  std::lock_guard lock(mutex_);
  return closing_;
}

void Session::Exec(std::shared_ptr<ffi::Box> box, ffi::Command command,
                   std::optional<std::uint64_t> max_buffered,
                   ffi::Completion<std::shared_ptr<Execution>> done) {
  if (PostStart(box, command, max_buffered, done)) return;
  auto task = [self = shared_from_this(), box = std::move(box), command = std::move(command), max_buffered,
               done] { done(self->Start(box, command, max_buffered)); };
  if (!runtime_->executor()->Submit(std::move(task))) done(runtime_->ClosedError("box.exec"));
}

Result<std::shared_ptr<Execution>> Session::Start(const std::shared_ptr<ffi::Box>& box,
                                                  const ffi::Command& command,
                                                  std::optional<std::uint64_t> max_buffered) {
  if (!Enter()) return runtime_->ClosedError("box.exec");
  auto started = Execution::Start(SurroundingsOf(max_buffered), box, command);
  Leave(started.ok() ? started.value() : nullptr);
  return started;
}

bool Session::PostStart(const std::shared_ptr<ffi::Box>& box, const ffi::Command& command,
                        std::optional<std::uint64_t> max_buffered,
                        const ffi::Completion<std::shared_ptr<Execution>>& done) {
  if (!Enter()) return false;
  auto leave = [self = shared_from_this(), done](Result<std::shared_ptr<Execution>> started) {
    self->Leave(started.ok() ? started.value() : nullptr);
    done(std::move(started));
  };
  if (Execution::PostStart(SurroundingsOf(max_buffered), box, command, std::move(leave))) return true;
  Leave(nullptr);
  return false;
}

Surroundings Session::SurroundingsOf(std::optional<std::uint64_t> max_buffered) const {
  Surroundings around{.runtime = runtime_, .timer = timer_, .wakeup = wakeup_, .limits = {}};
  if (max_buffered) around.limits.total = *max_buffered;
  return around;
}

bool Session::Enter() {
  std::lock_guard lock(mutex_);
  if (closing_ || engine_gone_) return false;
  ++starting_;
  return true;
}

void Session::Leave(const std::shared_ptr<Execution>& started) {
  std::lock_guard lock(mutex_);
  if (started) {
    executions_.insert(started);
    if (executions_.size() >= prune_at_) {
      std::erase_if(executions_, [](const auto& weak) { return weak.expired(); });
      prune_at_ = std::max<std::size_t>(64, executions_.size() * 2);
    }
    // Too late for the one who closes, or who told the others: nobody else would.
    if (closing_) started->Close([](Status) {});
    if (engine_gone_) started->OnEngineGone(runtime_->ClosedError("execution.wait"));
  }
  if (--starting_ == 0) started_.notify_all();
}

std::set<std::shared_ptr<Execution>> Session::Living() {
  std::set<std::shared_ptr<Execution>> living;
  std::lock_guard lock(mutex_);
  for (const auto& weak : executions_) {
    if (auto execution = weak.lock()) living.insert(std::move(execution));
  }
  return living;
}

void Session::CloseExecutions() {
  {
    std::unique_lock lock(mutex_);
    closing_ = true;
    started_.wait_for(lock, kStartPatience, [this] { return starting_ == 0; });
  }
  auto living = Living();
  std::erase_if(living, [](const auto& execution) { return execution->released(); });
  if (living.empty()) return;
  auto countdown = std::make_shared<Countdown>(living.size());
  for (const auto& execution : living) execution->CloseThen([countdown] { countdown->Arrive(); });
  countdown->Wait(kFreePatience);
}

Status Session::Close(std::optional<milliseconds> timeout) {
  std::call_once(closed_once_, [&] {
    CloseExecutions();
    close_outcome_ = runtime_->Close(timeout);
    timer_->Stop();
  });
  return *close_outcome_;
}

}  // namespace boxlite::exec
