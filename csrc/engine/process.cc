#include "engine/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace boxlite::engine {

namespace {

constexpr std::chrono::seconds kTermGrace{2};
// A background child may hold a pipe for hours: counted from its last byte, and from the end in all.
constexpr std::chrono::milliseconds kIdleGrace{250};
constexpr std::chrono::seconds kWholeGrace{2};
constexpr int kJoinSliceMs = 50;
constexpr int kClosedByFree = -129;
constexpr double kShortestTimeout = 0.001;

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Process::Process(std::shared_ptr<EventLoop> loop, Spawned spawned, Ends ends, std::shared_ptr<Usage> usage)
    : loop_(std::move(loop)),
      usage_(std::move(usage)),
      pid_(spawned.pid),
      pidfd_(std::move(spawned.pidfd)),
      terminal_(std::move(ends.terminal)),
      input_(std::make_shared<Input>(loop_, std::move(ends.input), static_cast<bool>(terminal_), usage_)) {}

std::shared_ptr<Process> Process::Create(std::shared_ptr<EventLoop> loop, Spawned spawned, Ends ends,
                                         std::optional<double> timeout_seconds,
                                         std::shared_ptr<Usage> usage) {
  UniqueFd output = std::move(ends.output);
  UniqueFd error = std::move(ends.error);
  std::shared_ptr<Process> self(new Process(loop, std::move(spawned), std::move(ends), std::move(usage)));
  auto on_change = [weak = std::weak_ptr(self)](std::size_t bytes, bool ended) {
    if (auto process = weak.lock()) process->OnOutput(bytes, ended);
  };
  const auto kind = self->terminal_ ? Output::Kind::kTerminal : Output::Kind::kPipe;
  self->outputs_[0] = std::make_shared<Output>(loop, std::move(output), kind, on_change);
  self->outputs_[1] = std::make_shared<Output>(loop, std::move(error), kind, on_change);
  std::lock_guard lock(loop->mutex);
  for (auto& output_stream : self->outputs_) output_stream->Start();
  self->watch_ = loop->Watch(self->pidfd_.get(), EPOLLIN, self);
  if (timeout_seconds && *timeout_seconds >= kShortestTimeout) {
    const auto timeout = std::chrono::duration<double>(std::min(*timeout_seconds, 1e9));
    self->terminate_at_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(timeout);
    loop->SetAlarm(*self->terminate_at_, self);
  }
  return self;
}

bool Process::OnExit(CBoxExitCb callback, void* user_data) {
  // A second registration is accepted and means nothing.
  if (on_exit_ != nullptr) return true;
  on_exit_ = callback;
  on_exit_data_ = user_data;
  FinishIfDone();
  return true;
}

void Process::Wait(WaitAnswer answer) {
  if (!code_) return waits_.push_back(std::move(answer));
  PostAnswer(std::move(answer));
}

void Process::PostAnswer(WaitAnswer answer) {
  loop_->Post([answer = std::move(answer), code = *code_, lost = lost_] { answer(code, lost); });
}

bool Process::Signal(int signal) {
  if (code_) return false;
  // Not reaped, so the id is still the leader's and its group's.
  if (kill(-pid_, signal) != 0) syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0);
  return true;
}

void Process::SetPaused(int stream, bool paused) {
  if (paused && code_) return;
  output(stream).SetPaused(paused);
}

bool Process::Reap() {
  if (code_) return true;
  siginfo_t info{};
  rusage used{};
  // The system call, because only it tells what the process has used.
  if (syscall(SYS_waitid, P_PIDFD, pidfd_.get(), &info, WEXITED | WNOHANG | __WALL, &used) != 0) {
    OnLeaderEnd(
        -1, {BOXLITE_INTERNAL, std::string("cannot learn how the process ended: ") + std::strerror(errno)});
    return true;
  }
  if (info.si_pid == 0) return false;
  usage_->ended_cpu_seconds += Seconds(used.ru_utime) + Seconds(used.ru_stime);
  OnLeaderEnd(info.si_code == CLD_EXITED ? info.si_status : -info.si_status, {});
  return true;
}

void Process::OnLeaderEnd(int code, Failure lost) {
  code_ = code;
  lost_ = std::move(lost);
  loop_->Unwatch(pidfd_.get(), std::exchange(watch_, 0));
  terminate_at_.reset();
  kill_at_.reset();
  input_->Break();
  for (auto& answer : std::exchange(waits_, {})) PostAnswer(std::move(answer));
  for (auto& output_stream : outputs_) output_stream->SetPaused(false);
  if (!outputs_[0]->ended() || !outputs_[1]->ended()) {
    grace_until_ = Clock::now() + kIdleGrace;
    grace_limit_ = Clock::now() + kWholeGrace;
    loop_->SetAlarm(*grace_until_, weak_from_this());
  }
  FinishIfDone();
}

void Process::OnOutput(std::size_t bytes, bool ended) {
  usage_->bytes_out += static_cast<std::int64_t>(bytes);
  if (grace_until_) grace_until_ = std::min(Clock::now() + kIdleGrace, grace_limit_);
  if (ended) FinishIfDone();
}

void Process::FinishIfDone() {
  if (!code_ || on_exit_ == nullptr || released_) return;
  for (auto& output_stream : outputs_) {
    if (!output_stream->finished() && (output_stream->registered() || !output_stream->ended())) return;
  }
  PostExit(*code_);
}

void Process::PostExit(int code) {
  if (std::exchange(exit_posted_, true)) return;
  loop_->Post([callback = on_exit_, data = on_exit_data_, code] { callback(code, data); });
}

int Process::OnReady() {
  std::lock_guard lock(loop_->mutex);
  Reap();
  return 0;
}

void Process::OnAlarm() {
  std::unique_lock lock(loop_->mutex);
  const auto now = Clock::now();
  if (terminate_at_ && now >= *terminate_at_) {
    terminate_at_.reset();
    Signal(SIGTERM);
    kill_at_ = now + kTermGrace;
    loop_->SetAlarm(*kill_at_, weak_from_this());
  }
  if (kill_at_ && now >= *kill_at_) {
    kill_at_.reset();
    Signal(SIGKILL);
  }
  if (!grace_until_) return;
  if (now < *grace_until_) return loop_->SetAlarm(*grace_until_, weak_from_this());
  grace_until_.reset();
  lock.unlock();
  for (auto& output_stream : outputs_) output_stream->Finish();
}

void Process::Join() {
  JoinUntil([] { return false; });
}

bool Process::JoinUntil(const std::function<bool()>& give_up) {
  pollfd ended{pidfd_.get(), POLLIN, 0};
  while (!give_up()) {
    poll(&ended, 1, kJoinSliceMs);
    std::lock_guard lock(loop_->mutex);
    if (Reap()) return true;
  }
  return false;
}

void Process::Release() {
  bool running = false;
  {
    std::lock_guard lock(loop_->mutex);
    released_ = true;
    running = !code_;
    if (running) Signal(SIGKILL);
  }
  if (running) Join();
  std::lock_guard lock(loop_->mutex);
  for (auto& output_stream : outputs_) output_stream->Abandon();
  input_->Break();
  grace_until_.reset();
  if (on_exit_ != nullptr) PostExit(kClosedByFree);
}

}  // namespace boxlite::engine
