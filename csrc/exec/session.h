// A runtime and the executions that run in it: what opens and closes as one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "exec/execution.h"

namespace boxlite::exec {

/// Thread-safe.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// Wraps an open runtime. `wakeup` is told of every execution that has something to deliver.
  static std::shared_ptr<Session> Create(std::shared_ptr<ffi::Runtime> runtime,
                                         std::shared_ptr<Wakeup> wakeup);

  ffi::Runtime& runtime() const { return *runtime_; }
  bool closing() const;

  /// Runs a command in a box. Never blocks: the engine is called on the call executor.
  /// `max_buffered` bytes are kept for one stream before the execution fails.
  void Exec(std::shared_ptr<ffi::Box> box, ffi::Command command, std::optional<std::uint64_t> max_buffered,
            ffi::Completion<std::shared_ptr<Execution>> done);

  /// Ends every execution, then closes the runtime; see ffi::Runtime::Close for `timeout`. Blocks: call
  /// executor or teardown. Idempotent; a second caller waits for the first.
  ffi::Status Close(std::optional<std::chrono::milliseconds> timeout);

 private:
  Session(std::shared_ptr<ffi::Runtime> runtime, std::shared_ptr<Wakeup> wakeup);

  ffi::Result<std::shared_ptr<Execution>> Start(const std::shared_ptr<ffi::Box>& box,
                                                const ffi::Command& command,
                                                std::optional<std::uint64_t> max_buffered);
  /// Starts without a thread of ours, where the engine can.
  bool PostStart(const std::shared_ptr<ffi::Box>& box, const ffi::Command& command,
                 std::optional<std::uint64_t> max_buffered,
                 const ffi::Completion<std::shared_ptr<Execution>>& done);
  Surroundings SurroundingsOf(std::optional<std::uint64_t> max_buffered) const;
  bool Enter();
  void Leave(const std::shared_ptr<Execution>& started);
  std::set<std::shared_ptr<Execution>> Living();
  void OnEngineGone();
  void CloseExecutions();

  const std::shared_ptr<ffi::Runtime> runtime_;
  const std::shared_ptr<TimerThread> timer_;
  const std::shared_ptr<Wakeup> wakeup_;

  mutable std::mutex mutex_;  // guards closing_, engine_gone_, starting_ and executions_
  std::condition_variable started_;
  bool closing_ = false;
  bool engine_gone_ = false;
  int starting_ = 0;
  std::set<std::weak_ptr<Execution>, std::owner_less<>> executions_;
  std::size_t prune_at_ = 64;

  std::once_flag closed_once_;
  std::optional<ffi::Status> close_outcome_;
};

}  // namespace boxlite::exec
