// A runtime's event queue: bounded, drained by whoever calls boxlite_runtime_drain.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "world.h"

namespace boxlite::fault {

/// As the real one: FIFO, 4096 events, a full queue makes producers wait and completions late, a drain with a
/// time-out never returns early, and nothing but an event or the end wakes it. Every method: under the lock.
class Queue {
 public:
  using Event = std::function<void()>;

  /// A producer's event: waits for room. False when the queue was closed or `cancelled`.
  template <class Cancelled>
  bool Push(Lock& lock, Event event, Cancelled cancelled) {
    // A jam that ends by time wakes nobody.
    while (!closed_ && !cancelled() && !HasRoom())
      TheWorld().changed.wait_for(lock, std::chrono::milliseconds(10));
    if (closed_ || cancelled()) return false;
    events_.push_back(std::move(event));
    TheWorld().changed.notify_all();
    return true;
  }

  /// The completion of a posted call: never waits here; in a full queue it gets its place later, as if a
  /// worker of the engine retried.
  void Complete(Event event);

  /// Dispatches on this thread; see boxlite_runtime_drain.
  int Drain(Lock& lock, int timeout_ms);

  /// What is queued is discarded, and a drain that is inside returns.
  void Close();
  bool closed() const { return closed_; }
  /// Whether this thread is inside a drain: what must not be called there, deadlocks there.
  bool drains_here() const { return drainer_ == std::this_thread::get_id(); }

  // ---- Faults ------------------------------------------------------------------------------------

  /// The next drain returns −1 with this code.
  void FailDrain(int code) { drain_code_ = code; }
  /// Takes it, once.
  int TakeDrainCode() { return std::exchange(drain_code_, 0); }
  /// No event is dispatched before a gate opens; with a time, each takes that much longer.
  void HoldDrain(Until until) { drain_hold_ = std::move(until); }
  /// Counts as full until a gate opens or a time has passed.
  void Jam(const Until& until);

 private:
  bool HasRoom();
  bool Ready();
  void Admit();

  std::deque<Event> events_;
  std::deque<Event> late_;
  bool closed_ = false;
  std::thread::id drainer_;
  int drain_code_ = 0;
  Until drain_hold_;
  std::string jam_gate_;
  std::chrono::steady_clock::time_point jammed_until_;
};

}  // namespace boxlite::fault
