// The one thread of a runtime that runs the engine's callbacks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "ffi/library.h"

namespace boxlite::ffi {

/// Drains one runtime until it is stopped. Callbacks run on this thread only, so that the events of one
/// execution keep their order.
class DrainLoop {
 public:
  /// Told on the drain thread.
  struct Listener {
    std::function<void()> on_idle;  // a slice went by without a callback
    std::function<void()> on_end;   // once, after the last callback, also when the engine's drain fails
  };

  /// Starts the thread.
  DrainLoop(std::shared_ptr<const Library> library, CBoxliteRuntime* runtime, Listener listener);
  /// Stops, however long it takes.
  ~DrainLoop();
  DrainLoop(const DrainLoop&) = delete;
  DrainLoop& operator=(const DrainLoop&) = delete;

  /// Waits for the callbacks in flight and joins; afterwards no callback runs. Idempotent. Blocks for a
  /// callback, and for one time slice on an engine that cannot be woken. Not from the drain thread.
  /// False after `patience`: an engine does not return from a drain as long as events keep coming. It does
  /// when its runtime is freed, which a drain that is inside survives.
  bool Stop(std::chrono::milliseconds patience);

 private:
  struct State;
  static void Run(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace boxlite::ffi
