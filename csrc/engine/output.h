// One output of a process: from its pipe to the consumer's callback.
#pragma once

#include <list>
#include <memory>
#include <span>
#include <string>

#include "engine/event_loop.h"

namespace boxlite::engine {

/// Reads while a process runs, whether or not anybody has registered yet: a process must never block because
/// nobody listens. Everything is under the loop's lock unless it says otherwise.
class Output final : public Source, public std::enable_shared_from_this<Output> {
 public:
  /// Runs under the lock when bytes came or the end was reached.
  using OnChange = std::function<void(std::size_t bytes, bool ended)>;

  enum class Kind { kPipe, kTerminal };
  Output(std::shared_ptr<EventLoop> loop, UniqueFd fd, Kind kind, OnChange on_change);

  /// Starts reading. The object must be owned by a shared_ptr.
  void Start();

  /// What came before is delivered first. False when somebody has registered.
  bool Register(CBoxStdoutCb callback, void* user_data);
  bool registered() const { return callback_ != nullptr; }

  /// Only while the process runs: a full pipe then slows it down.
  void SetPaused(bool paused);

  /// Ends the stream with what the pipe holds now, although somebody else could still write to it.
  /// Runs callbacks; on a draining thread, without the lock.
  void Finish();

  /// Drops what was not delivered and ends without a callback.
  void Abandon();

  /// The end was reached and everything was given to the callback, if there is one.
  bool finished() const { return ended_ && (callback_ == nullptr || delivers_directly_); }
  bool ended() const { return ended_; }

  int OnReady() override;

 private:
  enum class Found { kBytes, kNothing, kEnd };
  /// Without the lock. `memory` is the consumer's, where it brings its own.
  static std::span<std::uint8_t> MemoryToReadInto(const EventLoop::ReadMemory& read_memory);
  Found ReadOnce(int fd, std::span<std::uint8_t> memory, std::size_t& got);
  /// What there is now, as far as the memory goes.
  Found ReadAvailable(int fd, std::span<std::uint8_t> memory, std::size_t& got);
  /// One read and its callback. `filled`: the memory was, so the pipe may hold more.
  int ReadAndTake(bool& filled);
  /// Hands a chunk over; with the lock, which it gives up for a callback.
  int Take(std::unique_lock<std::mutex>& lock, const std::uint8_t* data, std::size_t size);
  void DeliverBacklog();
  void End();
  void Unwatch();

  const std::shared_ptr<EventLoop> loop_;
  std::shared_ptr<UniqueFd> fd_;  // shared with a read in flight
  const Kind kind_;
  OnChange on_change_;
  std::uint64_t watch_ = 0;
  CBoxStdoutCb callback_ = nullptr;
  void* user_data_ = nullptr;
  std::list<std::string> backlog_;
  bool delivers_directly_ = false;
  bool paused_ = false;
  bool enlarged_ = false;
  bool broken_ = false;  // a part was lost on its way: nothing may follow
  bool floods_ = false;  // the last turn found as much as a pipe holds at first; by the one that drains
  bool ended_ = false;
};

}  // namespace boxlite::engine
