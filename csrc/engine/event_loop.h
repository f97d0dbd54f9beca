// The event loop of one runtime: epoll, timers and posted completions, run by whoever drains.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "engine/failure.h"
#include "engine/siphon.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

using Clock = std::chrono::steady_clock;

/// Something with a descriptor in the loop. Runs on a draining thread, without any lock.
class Source {
 public:
  virtual ~Source() = default;
  /// Returns how many callbacks it ran.
  virtual int OnReady() = 0;
};

/// Something with a deadline. As above.
class Alarm {
 public:
  virtual ~Alarm() = default;
  virtual void OnAlarm() = 0;
};

/// Thread-safe. One lock for all state of a runtime (its boxes and processes too); it is held neither while a
/// callback runs nor while anything blocks.
class EventLoop {
 public:
  using Job = std::function<void()>;

  /// Null, with the reason, where the kernel refuses descriptors.
  static std::shared_ptr<EventLoop> Create(Failure& failure);

  /// Guards this loop, and everything of the runtime that says "under the lock".
  std::mutex mutex;

  // ---- Under the lock ---------------------------------------------------------------------------

  /// Queues a callback; a drain runs it. Dropped once closed.
  void Post(Job job);
  std::uint64_t Watch(int fd, std::uint32_t events, std::weak_ptr<Source> source);
  /// The descriptor must still be open.
  void Unwatch(int fd, std::uint64_t id);
  void SetAlarm(Clock::time_point due, std::weak_ptr<Alarm> alarm);
  bool closed() const { return closed_; }
  /// Where output is read into, if the consumer brings its own memory.
  struct ReadMemory {
    CBoxReadMemoryCb give = nullptr;
    void* user_data = nullptr;
  };
  ReadMemory read_memory;

  // ---- By the one that drains, without the lock -------------------------------------------------

  /// Empty whenever a callback runs.
  Siphon siphon;

  // ---- Without it -------------------------------------------------------------------------------

  /// See boxlite_runtime_drain. Returns the number of callbacks run. May be nested in a callback.
  int Drain(int timeout_ms);
  /// Ends a drain that waits, or the next one.
  void Wake();
  /// Drops what is queued and ends every drain. Idempotent.
  void Close();

 private:
  EventLoop(UniqueFd epoll, UniqueFd bell) : epoll_(std::move(epoll)), bell_(std::move(bell)) {}

  using Lock = std::unique_lock<std::mutex>;
  int Turn(Lock& lock, std::optional<Clock::time_point> deadline);
  int RunJobs(Lock& lock);
  int RunSources(Lock& lock, int wait_ms);
  void RunAlarms(Lock& lock);
  int WaitMs(std::optional<Clock::time_point> deadline) const;
  void Ring();

  const UniqueFd epoll_;
  const UniqueFd bell_;
  std::condition_variable drainer_left_;
  std::optional<std::thread::id> drainer_;
  std::deque<Job> jobs_;
  std::unordered_map<std::uint64_t, std::weak_ptr<Source>> sources_;
  std::multimap<Clock::time_point, std::weak_ptr<Alarm>> alarms_;
  std::uint64_t next_id_ = 1;
  bool waiting_ = false;
  bool rung_ = false;  // and not heard yet
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace boxlite::engine
