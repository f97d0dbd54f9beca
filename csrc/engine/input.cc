#include "engine/input.h"

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace boxlite::engine {

namespace {

constexpr char kEndOfInput = '\x04';

Failure ReaderGone() { return {BOXLITE_INTERNAL, "the process does not read its standard input any more"}; }

/// write(2), without the signal that kills a host which has not turned it off.
ssize_t WriteQuietly(int fd, const char* data, std::size_t size) {
  sigset_t pipe_signal;
  sigset_t before;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const ssize_t written = write(fd, data, size);
  const int error = errno;
  if (written < 0 && error == EPIPE && sigismember(&before, SIGPIPE) == 0) {
    const timespec at_once{};
    sigtimedwait(&pipe_signal, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

}  // namespace

Failure Input::Write(const std::uint8_t* data, std::size_t size) {
  if (closing_) return {BOXLITE_INVALID_STATE, "execution stdin is closed"};
  if (broken_) return ReaderGone();
  if (size == 0) return {};
  queue_.emplace_back(reinterpret_cast<const char*>(data), size);
  queued_ += size;
  if (watch_ == 0) Advance();
  return broken_ ? ReaderGone() : Failure{};
}

void Input::CloseAfterQueue() {
  if (std::exchange(closing_, true)) return;
  if (broken_) return;
  if (terminal_) {
    queue_.emplace_back(1, kEndOfInput);
    ++queued_;
  }
  if (watch_ == 0) Advance();
}

void Input::Flush(std::function<void(const Failure&)> answer) {
  flushes_.push_back({queued_, std::move(answer)});
  AnswerFlushes();
}

void Input::Break() {
  if (std::exchange(broken_, true)) return;
  SetWatched(false);
  queue_.clear();
  fd_.Reset();
  AnswerFlushes();
}

int Input::OnReady() {
  std::lock_guard lock(loop_->mutex);
  if (!broken_) Advance();
  return 0;
}

void Input::Advance() {
  while (!queue_.empty()) {
    if (WriteQueued()) continue;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Break();
    SetWatched(true);
    return AnswerFlushes();
  }
  SetWatched(false);
  AnswerFlushes();
  // A terminal's descriptor is its output's too; it stays open until the process is gone.
  if (closing_ && !terminal_) fd_.Reset();
}

bool Input::WriteQueued() {
  const auto& front = queue_.front();
  const ssize_t written = WriteQuietly(fd_.get(), front.data() + offset_, front.size() - offset_);
  if (written < 0) return false;
  taken_ += static_cast<std::uint64_t>(written);
  usage_->bytes_in += written;
  offset_ += static_cast<std::size_t>(written);
  if (offset_ == front.size()) {
    queue_.pop_front();
    offset_ = 0;
  }
  return true;
}

void Input::AnswerFlushes() {
  while (!flushes_.empty() && (broken_ || flushes_.front().mark <= taken_)) {
    const bool taken = flushes_.front().mark <= taken_;
    loop_->Post(
        [answer = std::move(flushes_.front().answer), taken] { answer(taken ? Failure{} : ReaderGone()); });
    flushes_.pop_front();
  }
}

void Input::SetWatched(bool watched) {
  if (watched == (watch_ != 0)) return;
  if (watched) {
    watch_ = loop_->Watch(fd_.get(), EPOLLOUT, weak_from_this());
  } else {
    loop_->Unwatch(fd_.get(), std::exchange(watch_, 0));
  }
}

}  // namespace boxlite::engine
