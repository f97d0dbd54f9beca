#include "engine/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace boxlite::engine {

namespace {

constexpr int kEventsPerTurn = 64;
constexpr std::uint64_t kBell = 0;

}  // namespace

std::shared_ptr<EventLoop> EventLoop::Create(Failure& failure) {
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  UniqueFd bell(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kBell;
  if (!epoll || !bell || epoll_ctl(epoll.get(), EPOLL_CTL_ADD, bell.get(), &event) != 0) {
    failure = {BOXLITE_INTERNAL, std::string("cannot make an event loop: ") + std::strerror(errno)};
    return nullptr;
  }
  return std::shared_ptr<EventLoop>(new EventLoop(std::move(epoll), std::move(bell)));
}

void EventLoop::Ring() {
  if (std::exchange(rung_, true)) return;
  const std::uint64_t one = 1;
  // A full counter has rung already.
  [[maybe_unused]] auto written = write(bell_.get(), &one, sizeof one);
}

void EventLoop::Post(Job job) {
  if (closed_) return;
  jobs_.push_back(std::move(job));
  if (waiting_) Ring();
}

std::uint64_t EventLoop::Watch(int fd, std::uint32_t events, std::weak_ptr<Source> source) {
  const auto id = next_id_++;
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return 0;
  sources_.emplace(id, std::move(source));
  return id;
}

void EventLoop::Unwatch(int fd, std::uint64_t id) {
  if (sources_.erase(id) == 0) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::SetAlarm(Clock::time_point due, std::weak_ptr<Alarm> alarm) {
  if (closed_) return;
  const bool first = alarms_.empty() || due < alarms_.begin()->first;
  alarms_.emplace(due, std::move(alarm));
  if (first && waiting_) Ring();
}

void EventLoop::Wake() {
  std::lock_guard lock(mutex);
  woken_ = true;
  if (waiting_) Ring();
}

void EventLoop::Close() {
  std::deque<Job> dropped;  // let go without the lock
  std::lock_guard lock(mutex);
  closed_ = true;
  dropped.swap(jobs_);
  sources_.clear();
  alarms_.clear();
  Ring();
  drainer_left_.notify_all();
}

int EventLoop::Drain(int timeout_ms) {
  std::optional<Clock::time_point> deadline;
  if (timeout_ms >= 0) deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  Lock lock(mutex);
  const bool nested = drainer_ == std::this_thread::get_id();
  // One at a time: two would run two chunks of one stream at once.
  auto free = [this] { return !drainer_ || closed_; };
  if (!nested) {
    if (!deadline) {
      drainer_left_.wait(lock, free);
    } else if (!drainer_left_.wait_until(lock, *deadline, free)) {
      return 0;
    }
    if (closed_) return 0;
    drainer_ = std::this_thread::get_id();
  }
  const int ran = Turn(lock, deadline);
  if (!nested) {
    drainer_.reset();
    drainer_left_.notify_one();
  }
  return ran;
}

int EventLoop::Turn(Lock& lock, std::optional<Clock::time_point> deadline) {
  auto is_over = [deadline] { return deadline && Clock::now() >= *deadline; };
  // Without time to wait it must empty the queue; with some, what one look found is enough.
  const bool until_empty = is_over();
  int ran = 0;
  for (;;) {
    ran += RunJobs(lock);
    if (closed_ || std::exchange(woken_, false)) return ran;
    const bool over = is_over();
    const int found = RunSources(lock, ran > 0 || over ? 0 : WaitMs(deadline));
    RunAlarms(lock);
    ran += found;
    if (!jobs_.empty()) continue;
    if (until_empty ? found == 0 : ran > 0 || over) return ran;
  }
}

int EventLoop::RunJobs(Lock& lock) {
  int ran = 0;
  while (!jobs_.empty() && !closed_) {
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    ++ran;
  }
  return ran;
}

int EventLoop::WaitMs(std::optional<Clock::time_point> deadline) const {
  auto due = deadline;
  if (!alarms_.empty() && (!due || alarms_.begin()->first < *due)) due = alarms_.begin()->first;
  if (!due) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

int EventLoop::RunSources(Lock& lock, int wait_ms) {
  epoll_event events[kEventsPerTurn];
  waiting_ = true;
  lock.unlock();
  const int count = epoll_wait(epoll_.get(), events, kEventsPerTurn, wait_ms);
  lock.lock();
  waiting_ = false;
  int ran = 0;
  for (int i = 0; i < count && !closed_; ++i) {
    if (events[i].data.u64 == kBell) {
      std::uint64_t rung = 0;
      [[maybe_unused]] auto got = read(bell_.get(), &rung, sizeof rung);
      rung_ = false;
      continue;
    }
    auto found = sources_.find(events[i].data.u64);
    if (found == sources_.end()) continue;
    auto source = found->second.lock();
    if (!source) continue;
    lock.unlock();
    ran += source->OnReady();
    source.reset();
    lock.lock();
  }
  return ran;
}

void EventLoop::RunAlarms(Lock& lock) {
  while (!alarms_.empty() && !closed_ && alarms_.begin()->first <= Clock::now()) {
    auto alarm = alarms_.begin()->second.lock();
    alarms_.erase(alarms_.begin());
    if (!alarm) continue;
    lock.unlock();
    alarm->OnAlarm();
    alarm.reset();
    lock.lock();
  }
}

}  // namespace boxlite::engine
