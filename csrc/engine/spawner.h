// The one thread of a runtime that starts processes.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace boxlite::engine {

/// A parent-death signal follows the thread that started a process, not the program: callers' threads come
/// and go, this one lives as long as the runtime. Thread-safe.
class Spawner {
 public:
  /// `stopped`: the runtime was freed meanwhile, so there is nothing to start and only to say so.
  using Job = std::function<void(bool stopped)>;

  ~Spawner() { Stop(); }

  /// Runs a job on the spawner's thread, after those that were posted before. Never blocks. False, and the
  /// job never runs, once stopped.
  bool Post(Job job);
  /// The same, and waits until it ran.
  bool Run(const Job& job);

  /// Ends the thread, and with it what must not outlive it. What is still queued runs as stopped. Idempotent.
  void Stop();

 private:
  void Loop();

  std::mutex mutex_;  // guards everything below
  std::condition_variable work_;
  std::deque<Job> jobs_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace boxlite::engine
