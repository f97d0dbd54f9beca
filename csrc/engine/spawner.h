// The one thread of a runtime that starts processes.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/spawn.h"

namespace boxlite::engine {

/// A parent-death signal follows the thread that started a process, not the program: callers' threads come and
/// go, this one lives as long as the runtime. Thread-safe.
class Spawner {
 public:
  ~Spawner() { Stop(); }

  /// As engine::Spawn, on the spawner's thread. Blocks until the program was loaded.
  Spawned Start(const SpawnPlan& plan, Failure& failure);

  /// Ends the thread, and with it what must not outlive it. Idempotent.
  void Stop();

 private:
  void Run();

  struct Request {
    const SpawnPlan* plan;
    Failure* failure;
    Spawned spawned;
    bool done = false;
  };

  std::mutex mutex_;  // guards everything below
  std::condition_variable work_;
  std::condition_variable done_;
  std::deque<Request*> requests_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace boxlite::engine
