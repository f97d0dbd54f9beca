// Calls executions back after a while: graces that no engine event ends.
#pragma once

#include <chrono>
#include <memory>

namespace boxlite::exec {

class Execution;

/// One thread, started when it is first needed. Coarse on purpose: many deadlines share one wake-up.
class TimerThread {
 public:
  using Clock = std::chrono::steady_clock;

  TimerThread();
  /// Stops.
  ~TimerThread();
  TimerThread(const TimerThread&) = delete;
  TimerThread& operator=(const TimerThread&) = delete;

  /// Calls `execution->OnTimer()` at or shortly after `due`, if it still lives. Any thread; never blocks.
  void At(Clock::time_point due, std::weak_ptr<Execution> execution);

  /// Joins the thread; later calls do nothing. Not from OnTimer. Idempotent.
  void Stop();

 private:
  struct State;
  static void Run(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace boxlite::exec
