// The standard input of a process: what was written and is not taken yet.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "engine/event_loop.h"
#include "engine/usage.h"

namespace boxlite::engine {

/// Everything is under the loop's lock unless it says otherwise.
class Input final : public Source, public std::enable_shared_from_this<Input> {
 public:
  /// `terminal`: the end of input is a character, not a closed descriptor.
  Input(std::shared_ptr<EventLoop> loop, UniqueFd fd, bool terminal, std::shared_ptr<Usage> usage)
      : loop_(std::move(loop)), fd_(std::move(fd)), terminal_(terminal), usage_(std::move(usage)) {}

  /// Writes what the pipe takes and queues the rest.
  Failure Write(const std::uint8_t* data, std::size_t size);
  /// Writes what the pipe takes now and queues nothing: none of it if others are queued. `taken`: how many
  /// bytes.
  Failure TryWrite(const std::uint8_t* data, std::size_t size, std::size_t& taken);
  /// The end of input, after what is queued. Idempotent.
  void CloseAfterQueue();
  /// Answers once all that is queued now was taken, or can't be any more. The answer is posted.
  void Flush(std::function<void(const Failure&)> answer);
  /// Nobody reads any more.
  void Break();

  int OnReady() override;

 private:
  struct PendingFlush {
    std::uint64_t mark;
    std::function<void(const Failure&)> answer;
  };

  Failure WhyNot() const;
  /// As much as the pipe takes, straight from the caller's memory. Breaks when the reader is gone.
  std::size_t Give(const char* data, std::size_t size);
  bool Enlarge();
  void Advance();
  void AnswerFlushes();
  void SetWatched(bool watched);

  const std::shared_ptr<EventLoop> loop_;
  UniqueFd fd_;
  const bool terminal_;
  const std::shared_ptr<Usage> usage_;
  std::uint64_t watch_ = 0;
  std::list<std::string> queue_;
  std::size_t offset_ = 0;  // into the first of the queue
  std::uint64_t queued_ = 0;
  std::uint64_t taken_ = 0;
  std::list<PendingFlush> flushes_;
  bool enlarged_ = false;
  bool closing_ = false;
  bool broken_ = false;
};

}  // namespace boxlite::engine
