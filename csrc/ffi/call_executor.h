// Threads for calls that may block: box_exec, *_free, runtime_new, runtime_free.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boxlite::ffi {

/// An elastic pool: a call never waits behind another one that blocks, up to `kMaxThreads` of them; a thread
/// that has had nothing to do for a while ends.
///
/// Every method: any thread; never blocks, except Shutdown.
class CallExecutor {
 public:
  using Task = std::function<void()>;
  static constexpr int kMaxThreads = 128;

  CallExecutor();
  /// Shuts down without waiting for calls that hang.
  ~CallExecutor();
  CallExecutor(const CallExecutor&) = delete;
  CallExecutor& operator=(const CallExecutor&) = delete;

  /// Queues a task. After Shutdown the task is dropped and false is returned.
  bool Submit(Task task);

  /// Lets queued tasks finish and joins the threads; a call that is still blocked after `patience` keeps its
  /// thread, which ends by itself (the code it runs in is never unmapped). Idempotent.
  /// Returns whether every thread has ended. Must not be called from a task.
  bool Shutdown(std::chrono::milliseconds patience);

 private:
  struct State;
  static void Run(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
};

}  // namespace boxlite::ffi
