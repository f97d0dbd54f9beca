#include "exec/timer_thread.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "exec/execution.h"

namespace boxlite::exec {

namespace {
constexpr std::chrono::milliseconds kGranularity{10};
}  // namespace

struct TimerThread::State {
  std::mutex mutex;  // guards everything below; never held while an execution is called
  std::condition_variable changed;
  std::multimap<Clock::time_point, std::weak_ptr<Execution>> due;
  std::thread thread;
  bool stopped = false;

  std::vector<std::weak_ptr<Execution>> TakeDue(Clock::time_point now) {
    std::vector<std::weak_ptr<Execution>> taken;
    auto end = due.upper_bound(now);
    for (auto at = due.begin(); at != end; ++at) taken.push_back(std::move(at->second));
    due.erase(due.begin(), end);
    return taken;
  }
};

TimerThread::TimerThread() : state_(std::make_shared<State>()) {}

TimerThread::~TimerThread() { Stop(); }

void TimerThread::At(Clock::time_point due, std::weak_ptr<Execution> execution) {
  std::lock_guard lock(state_->mutex);
  if (state_->stopped) return;
  const bool first = state_->due.empty() || due < state_->due.begin()->first;
  state_->due.emplace(due, std::move(execution));
  if (!state_->thread.joinable()) {
    state_->thread = std::thread([state = state_] { Run(state); });
  } else if (first) {
    state_->changed.notify_one();
  }
}

void TimerThread::Stop() {
  std::thread thread;
  {
    std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    state_->due.clear();
    thread = std::move(state_->thread);
    state_->changed.notify_one();
  }
  if (!thread.joinable()) return;
  // The last execution may let the timer go from its own call back.
  if (thread.get_id() == std::this_thread::get_id()) return thread.detach();
  thread.join();
}

void TimerThread::Run(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  while (!state->stopped) {
    if (state->due.empty()) {
      state->changed.wait(lock);
      continue;
    }
    const auto next = state->due.begin()->first + kGranularity;
    if (Clock::now() < next) {
      state->changed.wait_until(lock, next);
      continue;
    }
    auto taken = state->TakeDue(Clock::now());
    lock.unlock();
    for (const auto& weak : taken) {
      if (auto execution = weak.lock()) execution->OnTimer();
    }
    taken.clear();
    lock.lock();
  }
}

}  // namespace boxlite::exec
