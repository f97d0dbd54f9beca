#include "engine/input.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace boxlite::engine {

namespace {

constexpr char kEndOfInput = '\x04';
constexpr int kLargePipe = 1024 * 1024;

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
  std::size_t taken = 0;
  if (Failure failure = TryWrite(data, size, taken)) return failure;
  if (taken == size) return {};
  queue_.emplace_back(reinterpret_cast<const char*>(data) + taken, size - taken);
  queued_ += size - taken;
  SetWatched(true);
  return {};
}

Failure Input::TryWrite(const std::uint8_t* data, std::size_t size, std::size_t& taken) {
  taken = 0;
  if (Failure failure = WhyNot()) return failure;
  if (!queue_.empty()) return {};
  // No more than a pipe holds: a reader that keeps up would hold the caller for as long as there are bytes.
  taken = Give(reinterpret_cast<const char*>(data), std::min<std::size_t>(size, kLargePipe));
  queued_ += taken;
  return WhyNot();
}

Failure Input::WhyNot() const {
  if (closing_) return {BOXLITE_INVALID_STATE, "execution stdin is closed"};
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
    const auto& front = queue_.front();
    offset_ += Give(front.data() + offset_, front.size() - offset_);
    if (broken_) return;
    if (offset_ < front.size()) break;
    queue_.pop_front();
    offset_ = 0;
  }
  SetWatched(!queue_.empty());
  AnswerFlushes();
  if (!queue_.empty()) return;
  // A terminal's descriptor is its output's too; it stays open until the process is gone.
  if (closing_ && !terminal_) fd_.Reset();
}

std::size_t Input::Give(const char* data, std::size_t size) {
  std::size_t given = 0;
  while (given < size) {
    const ssize_t written = WriteQuietly(fd_.get(), data + given, size - given);
    if (written >= 0) {
      given += static_cast<std::size_t>(written);
      taken_ += static_cast<std::uint64_t>(written);
      usage_->bytes_in += written;
    } else if (errno == EAGAIN) {
      if (!Enlarge()) break;
    } else if (errno != EINTR) {
      Break();
      break;
    }
  }
  return given;
}

/// The pipe was full: a larger one means fewer turns. Where the quota is used up it stays as it is.
bool Input::Enlarge() {
  return !std::exchange(enlarged_, true) && !terminal_ && fcntl(fd_.get(), F_SETPIPE_SZ, kLargePipe) > 0;
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
