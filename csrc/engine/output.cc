#include "engine/output.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <vector>

namespace boxlite::engine {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr int kReadsPerTurn = 2;  // then the others
constexpr std::size_t kDefaultPipe = 64 * 1024;
constexpr int kLargePipe = 1024 * 1024;
constexpr std::size_t kTerminalFlood = 1024;  // bytes in a read; people and their programs write less
constexpr std::chrono::microseconds kTerminalPatience(50);
constexpr std::chrono::milliseconds kTerminalTurn(1);  // others wait meanwhile

/// Whether a terminal that floods has more, or gets it in a moment and before `turn_ends`. A read that finds
/// nothing sleeps until the kernel's worker has moved what was written, and waking up takes longer than the
/// worker does.
bool MoreComes(int terminal, Clock::time_point turn_ends) {
  const auto until = std::min(Clock::now() + kTerminalPatience, turn_ends);
  for (int bytes = 0; ioctl(terminal, FIONREAD, &bytes) == 0;) {
    if (bytes > 0) return true;
    if (Clock::now() >= until) return false;
    sched_yield();  // the worker, or the writer, may be waiting for this processor
  }
  return false;
}

/// One buffer for each draining thread: callbacks copy what they keep.
std::vector<std::uint8_t>& ReadBuffer() {
  thread_local std::vector<std::uint8_t> buffer(kReadBytes);
  return buffer;
}

}  // namespace

Output::Output(std::shared_ptr<EventLoop> loop, UniqueFd fd, Kind kind, OnChange on_change)
    : loop_(std::move(loop)),
      fd_(std::make_shared<UniqueFd>(std::move(fd))),
      kind_(kind),
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
  if (backlog_.empty() && !ended_) {
    delivers_directly_ = true;
  } else {
    loop_->Post([self = shared_from_this()] { self->DeliverBacklog(); });
  }
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

std::span<std::uint8_t> Output::MemoryToReadInto(const EventLoop::ReadMemory& read_memory) {
  if (read_memory.give == nullptr) return ReadBuffer();
  std::size_t capacity = 0;
  auto* memory = read_memory.give(&capacity, read_memory.user_data);
  return {memory, capacity};
}

Output::Found Output::ReadOnce(int fd, std::span<std::uint8_t> memory, std::size_t& got) {
  if (broken_) return Found::kEnd;
  const ssize_t count =
      floods_ ? loop_->siphon.Read(fd, memory, broken_) : read(fd, memory.data(), memory.size());
  if (count > 0) {
    got = static_cast<std::size_t>(count);
    return Found::kBytes;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Found::kNothing;
  // A terminal whose other side is gone says EIO.
  return Found::kEnd;
}

Output::Found Output::ReadAvailable(int fd, std::span<std::uint8_t> memory, std::size_t& got) {
  const Found found = ReadOnce(fd, memory, got);
  std::size_t last = got;
  const auto turn_ends = kind_ == Kind::kTerminal ? Clock::now() + kTerminalTurn : Clock::time_point();
  const auto may_hold_more = [&] {
    if (kind_ == Kind::kPipe) return last >= kDefaultPipe;
    return last < kTerminalFlood || MoreComes(fd, turn_ends);
  };
  // A terminal gives a page a read, however much it holds, and a pipe in which a write is going on what came
  // before it. An end is found again by the next turn.
  while (found == Found::kBytes && got < memory.size() && may_hold_more()) {
    if (ReadOnce(fd, memory.subspan(got), last) != Found::kBytes) break;
    got += last;
  }
  floods_ = kind_ == Kind::kPipe && got >= kDefaultPipe;
  return found;
}

int Output::OnReady() {
  int ran = 0;
  bool filled = true;
  for (int reads = 0; filled && reads < kReadsPerTurn; ++reads) ran += ReadAndTake(filled);
  return ran;
}

int Output::ReadAndTake(bool& filled) {
  filled = false;
  std::unique_lock lock(loop_->mutex);
  if (ended_ || paused_) return 0;
  auto fd = fd_;
  const auto read_memory = loop_->read_memory;
  lock.unlock();
  const auto memory = MemoryToReadInto(read_memory);
  std::size_t got = 0;
  const Found found = ReadAvailable(fd->get(), memory, got);
  lock.lock();
  if (found == Found::kEnd) End();
  if (found != Found::kBytes) return 0;
  // The pipe was full: a larger one means fewer turns. Where the quota is used up it stays as it is.
  if (got >= kDefaultPipe && !std::exchange(enlarged_, true)) fcntl(fd->get(), F_SETPIPE_SZ, kLargePipe);
  filled = got == memory.size();
  return Take(lock, memory.data(), got);
}

void Output::Finish() {
  std::unique_lock lock(loop_->mutex);
  if (ended_) return;
  auto fd = fd_;
  const auto read_memory = loop_->read_memory;
  int left = 0;
  if (ioctl(fd->get(), FIONREAD, &left) != 0) left = 0;
  while (left > 0 && !ended_) {
    lock.unlock();
    const auto memory = MemoryToReadInto(read_memory);
    std::size_t got = 0;
    const Found found =
        ReadOnce(fd->get(), memory.first(std::min(memory.size(), static_cast<std::size_t>(left))), got);
    lock.lock();
    if (found != Found::kBytes) break;
    left -= static_cast<int>(got);
    Take(lock, memory.data(), got);
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
