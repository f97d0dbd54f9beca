#include "ffi/drain_loop.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace boxlite::ffi {

namespace {

// Without a wake-up, stopping costs up to one slice; with one, a slice only bounds a lost wake-up.
constexpr int kSliceMs = 50;
constexpr int kWakeableSliceMs = 1000;
// An engine whose queue is closed answers at once for ever.
constexpr std::chrono::milliseconds kClosedQueuePause{5};

}  // namespace

struct DrainLoop::State {
  std::shared_ptr<const Library> library;
  CBoxliteRuntime* runtime;
  Listener listener;
  std::atomic<bool> stopping{false};
  std::mutex mutex;  // guards ended
  std::condition_variable changed;
  bool ended = false;
};

DrainLoop::DrainLoop(std::shared_ptr<const Library> library, CBoxliteRuntime* runtime, Listener listener)
    : state_(std::make_shared<State>()) {
  state_->library = std::move(library);
  state_->runtime = runtime;
  state_->listener = std::move(listener);
  thread_ = std::thread([state = state_] { Run(state); });
}

DrainLoop::~DrainLoop() {
  state_->stopping = true;
  if (!thread_.joinable()) return;
  // What a drain that failed lets go of last may be the runtime itself.
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

bool DrainLoop::Stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return true;
  if (thread_.get_id() == std::this_thread::get_id()) return false;
  state_->stopping = true;
  const Api& api = state_->library->api();
  if (api.runtime_wake != nullptr) api.runtime_wake(state_->runtime);
  {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, patience, [this] { return state_->ended; })) return false;
  }
  thread_.join();
  return true;
}

void DrainLoop::Run(const std::shared_ptr<State>& state) {
  const Api& api = state->library->api();
  const int slice = api.runtime_wake != nullptr ? kWakeableSliceMs : kSliceMs;
  while (!state->stopping) {
    auto before = std::chrono::steady_clock::now();
    ErrorSlot error(api);
    int ran = api.runtime_drain(state->runtime, slice, error.out());
    if (ran < 0) break;
    if (ran == 0) state->listener.on_idle();
    const bool returned_at_once = std::chrono::steady_clock::now() - before < std::chrono::milliseconds(1);
    if (ran == 0 && returned_at_once && !state->stopping && api.runtime_wake == nullptr) {
      std::this_thread::sleep_for(kClosedQueuePause);
    }
  }
  state->listener.on_end();
  std::lock_guard lock(state->mutex);
  state->ended = true;
  state->changed.notify_all();
}

}  // namespace boxlite::ffi
