#include "engine/output.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace boxlite::engine {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kDefaultPipe = 64 * 1024;
constexpr int kLargePipe = 1024 * 1024;

/// One buffer for each draining thread: callbacks copy what they keep.
std::vector<std::uint8_t>& ReadBuffer() {
  thread_local std::vector<std::uint8_t> buffer(kReadBytes);
  return buffer;
}

}  // namespace

Output::Output(std::shared_ptr<EventLoop> loop, UniqueFd fd, OnChange on_change)
    : loop_(std::move(loop)),
      fd_(std::make_shared<UniqueFd>(std::move(fd))),
      on_change_(std::move(on_change)) {
  if (!*fd_) ended_ = true;
}

void Output::Start() {
  if (!ended_) watch_ = loop_->Watch(fd_->get(), EPOLLIN, weak_from_this());
}

void Output::Unwatch() {
  if (watch_ != 0) loop_->Unwatch(fd_->get(), std::exchange(watch_, 0));
}

bool Output::Register(CBoxStdoutCb callback, void* user_data) {
  if (callback_ != nullptr) return false;
  callback_ = callback;
  user_data_ = user_data;
  loop_->Post([self = shared_from_this()] { self->DeliverBacklog(); });
  return true;
}

void Output::SetPaused(bool paused) {
  if (ended_ || paused_ == paused) return;
  paused_ = paused;
  // A paused pipe leaves the loop altogether: its hang-up would be reported again and again.
  if (paused) {
    Unwatch();
  } else {
    Start();
  }
}

void Output::DeliverBacklog() {
  std::unique_lock lock(loop_->mutex);
  while (!backlog_.empty() && callback_ != nullptr) {
    std::string chunk = std::move(backlog_.front());
    backlog_.pop_front();
    auto callback = callback_;
    auto* user_data = user_data_;
    lock.unlock();
    callback(reinterpret_cast<const std::uint8_t*>(chunk.data()), chunk.size(), user_data);
    lock.lock();
  }
  delivers_directly_ = true;
  if (ended_) on_change_(0, true);
}

int Output::Take(std::unique_lock<std::mutex>& lock, const std::uint8_t* data, std::size_t size) {
  if (ended_) return 0;
  on_change_(size, false);
  if (!delivers_directly_ || callback_ == nullptr) {
    backlog_.emplace_back(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  auto callback = callback_;
  auto* user_data = user_data_;
  lock.unlock();
  callback(data, size, user_data);
  lock.lock();
  return 1;
}

Output::Found Output::ReadOnce(std::size_t max, std::size_t& got) {
  auto& buffer = ReadBuffer();
  const ssize_t count = read(fd_->get(), buffer.data(), std::min(max, buffer.size()));
  if (count > 0) {
    got = static_cast<std::size_t>(count);
    return Found::kBytes;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Found::kNothing;
  // A terminal whose other side is gone says EIO.
  return Found::kEnd;
}

int Output::OnReady() {
  std::shared_ptr<UniqueFd> fd;
  {
    std::lock_guard lock(loop_->mutex);
    if (ended_ || paused_) return 0;
    fd = fd_;
  }
  std::size_t got = 0;
  const Found found = ReadOnce(kReadBytes, got);
  std::unique_lock lock(loop_->mutex);
  if (found == Found::kEnd) End();
  if (found != Found::kBytes) return 0;
  // The pipe was full: a larger one means fewer turns. Where the quota is used up it stays as it is.
  if (got >= kDefaultPipe && !std::exchange(enlarged_, true)) fcntl(fd->get(), F_SETPIPE_SZ, kLargePipe);
  return Take(lock, ReadBuffer().data(), got);
}

void Output::Finish() {
  std::unique_lock lock(loop_->mutex);
  if (ended_) return;
  auto fd = fd_;
  int left = 0;
  if (ioctl(fd->get(), FIONREAD, &left) != 0) left = 0;
  while (left > 0 && !ended_) {
    std::size_t got = 0;
    lock.unlock();
    const Found found = ReadOnce(static_cast<std::size_t>(left), got);
    lock.lock();
    if (found != Found::kBytes) break;
    left -= static_cast<int>(got);
    Take(lock, ReadBuffer().data(), got);
  }
  End();
}

void Output::End() {
  if (ended_) return;
  Unwatch();
  ended_ = true;
  fd_ = std::make_shared<UniqueFd>();
  on_change_(0, true);
}

void Output::Abandon() {
  callback_ = nullptr;
  backlog_.clear();
  if (ended_) return;
  Unwatch();
  ended_ = true;
  fd_ = std::make_shared<UniqueFd>();
}

}  // namespace boxlite::engine
