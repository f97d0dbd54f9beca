#include "ffi/call_executor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace boxlite::ffi {

namespace {
constexpr std::chrono::seconds kIdle{2};
}  // namespace

struct CallExecutor::State {
  std::mutex mutex;  // guards everything below; never held while a task runs
  std::condition_variable work;
  std::condition_variable ended;
  std::deque<Task> queue;
  int threads = 0;
  int idle = 0;
  bool down = false;

  // Adds a thread for the task at the back of the queue; drops the task where not even one can be had.
  bool Grow(const std::shared_ptr<State>& self) {
    try {
      // Detached, with the state shared: a call that never returns must not make the pool's end hang.
      std::thread(Run, self).detach();
      ++threads;
    } catch (const std::system_error&) {
      if (threads > 0) return true;
      queue.pop_back();
      return false;
    }
    return true;
  }
};

CallExecutor::CallExecutor() : state_(std::make_shared<State>()) {}

CallExecutor::~CallExecutor() { Shutdown(std::chrono::milliseconds(0)); }

bool CallExecutor::Submit(Task task) {
  std::lock_guard lock(state_->mutex);
  if (state_->down) return false;
  state_->queue.push_back(std::move(task));
  if (state_->idle >= static_cast<int>(state_->queue.size()) || state_->threads == kMaxThreads) {
    state_->work.notify_one();
    return true;
  }
  return state_->Grow(state_);
}

void CallExecutor::Run(std::shared_ptr<State> state) {
  std::unique_lock lock(state->mutex);
  for (;;) {
    ++state->idle;
    state->work.wait_for(lock, kIdle, [&] { return state->down || !state->queue.empty(); });
    --state->idle;
    if (state->queue.empty()) break;
    Task task = std::move(state->queue.front());
    state->queue.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what the task holds may block when it is let go
    lock.lock();
  }
  --state->threads;
  state->ended.notify_all();
}

bool CallExecutor::Shutdown(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  state_->down = true;
  state_->work.notify_all();
  return state_->ended.wait_for(lock, patience, [&] { return state_->threads == 0; });
}

}  // namespace boxlite::ffi
