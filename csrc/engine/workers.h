// Threads for work that reads and writes files.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace boxlite::engine {

/// A few threads that come with the work and leave with it. Thread-safe.
class Workers {
 public:
  using Job = std::function<void()>;
  static constexpr int kMaxThreads = 4;

  ~Workers() { Finish(); }

  /// Queues a job. Never blocks.
  void Submit(Job job);
  /// Waits until everything that was submitted is done. Blocks.
  void Finish();

 private:
  void Run();

  std::mutex mutex_;  // guards everything below
  std::condition_variable left_;
  std::deque<Job> jobs_;
  int threads_ = 0;
};

}  // namespace boxlite::engine
