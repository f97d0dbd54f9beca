#include "execution.h"

#include <csignal>
#include <cstdio>
#include <thread>

namespace boxlite::fault {

namespace {

constexpr int kUnknown = -1;
constexpr int kClosedByFree = -129;
constexpr std::size_t kLine = 16;

}  // namespace

Execution::Execution(std::shared_ptr<Queue> queue, Script script, Started started,
                     std::function<void()> stop_box)
    : queue_(std::move(queue)),
      script_(std::move(script)),
      started_(std::move(started)),
      stop_box_(std::move(stop_box)) {}

// ---- Calls on the handle ------------------------------------------------------------------------

void Execution::Begin(Lock& lock) {
  if (!script_.early) return;
  begun_ = true;
  Play(lock);
}

bool Execution::RegisterStream(int stream, CBoxStdoutCb cb, void* user_data) {
  Sink& to = sink(stream);
  if (to.cb != nullptr) return false;
  to.cb = cb;
  to.user_data = user_data;
  for (auto& bytes : to.before) {
    queue_->Complete([cb, user_data, bytes = std::move(bytes)] {
      cb(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), user_data);
    });
  }
  to.before.clear();
  return true;
}

void Execution::RegisterExit(CBoxExitCb cb, void* user_data) {
  exit_cb_ = cb;
  exit_data_ = user_data;
  for (int code : std::exchange(exits_before_, {})) PostExit(code);
}

void Execution::Wait(CExecutionWaitCb cb, void* user_data) {
  const Waiter waiter{cb, user_data};
  if (result_) return Answer(waiter, *result_);
  waiting_.push_back(waiter);
  if (begun_ || exit_cb_ == nullptr) return;
  begun_ = true;
  std::thread([self = shared_from_this()] {
    Lock lock = Enter();
    self->Play(lock);
  }).detach();
}

Failure Execution::Signal(int signal) {
  if (result_ || exit_sent_) return {BOXLITE_INTERNAL, "Failed to send signal: the process has ended"};
  if (signal == SIGKILL) {
    if (!script_.ignores_kill) Die(signal);
    return {};
  }
  if (!script_.traps_signals) Die(signal);
  signalled_ = true;
  TheWorld().changed.notify_all();
  return {};
}

Failure Execution::Write(const std::string& bytes) {
  if (stdin_closed_) return {BOXLITE_INVALID_STATE, "execution stdin is closed"};
  input_ += bytes;
  wrote_ = true;
  TheWorld().changed.notify_all();
  return {};
}

void Execution::CloseStdin() {
  stdin_closed_ = true;
  TheWorld().changed.notify_all();
}

void Execution::Free(Lock& lock) {
  CloseStdin();
  if (const auto& hold = script_.FaultOf("free").hold) WaitUntil(lock, *hold, [] { return false; });
  if (!result_ && !exit_sent_) {
    if (!script_.ignores_kill) SetResult({-SIGKILL, {}});
    TheWorld().changed.wait(lock, [this] { return result_ || exit_sent_ || queue_->closed(); });
  }
  freed_ = true;
  aborted_ = aborted_ || !script_.outlives;
  TheWorld().changed.notify_all();
  if (exit_cb_ == nullptr || std::exchange(exit_sent_, true)) return;
  queue_->Push(
      lock, [cb = exit_cb_, data = exit_data_] { cb(kClosedByFree, data); }, [] { return false; });
}

void Execution::Lose(const std::string& last_words) {
  if (exit_sent_) return;
  aborted_ = true;
  Sink& to = sink(BOXLITE_STREAM_STDERR);
  if (!last_words.empty() && to.cb != nullptr) {
    queue_->Complete([cb = to.cb, data = to.user_data, last_words] {
      cb(reinterpret_cast<const std::uint8_t*>(last_words.data()), last_words.size(), data);
    });
  }
  if (!result_) SetResult({kUnknown, {}});
  PostExit(kUnknown);
}

// ---- The script ---------------------------------------------------------------------------------

void Execution::Play(Lock& lock) {
  for (const Step& step : script_.steps) {
    if (stopped()) return;
    PlayStep(lock, step);
  }
}

void Execution::PlayStep(Lock& lock, const Step& step) {
  using Verb = Step::Verb;
  switch (step.verb) {
    case Verb::kChunk:
      return Emit(lock, step.stream, step.text ? *step.text : Pattern(step.stream, step.size));
    case Verb::kFlood:
      for (std::uint64_t i = 0; i < step.count && !stopped(); ++i)
        Emit(lock, step.stream, Pattern(step.stream, step.size));
      return;
    case Verb::kEcho:
      Emit(lock, step.stream, input_.substr(shown_input_));
      shown_input_ = input_.size();
      return;
    case Verb::kShow: return Emit(lock, step.stream, Shown(*step.text));
    case Verb::kWait: return SetResult({step.code, step.failure});
    case Verb::kWaitAgain:
      for (const Waiter& waiter : std::exchange(answered_, {})) Answer(waiter, {step.code, {}});
      return;
    case Verb::kExit: return DeliverExit(lock, step.code);
    case Verb::kEnd: DeliverExit(lock, step.code); return SetResult({step.code, {}});
    case Verb::kHold: return Hold(lock, step.until);
    case Verb::kRelease: return Release(*step.text);
    case Verb::kThread: on_thread_ = true; break;
    case Verb::kStopBox: return stop_box_();
    case Verb::kDrainFails: queue_->FailDrain(step.code); break;
    case Verb::kDrainHolds: queue_->HoldDrain(step.until); break;
    case Verb::kDrainEnds: return queue_->Close();
    case Verb::kQueueFull: queue_->Jam(step.until); break;
    case Verb::kClearLog: TheWorld().log.clear(); break;
  }
  TheWorld().changed.notify_all();
}

void Execution::Hold(Lock& lock, const Until& until) {
  auto held = [&](const bool& open) { TheWorld().changed.wait(lock, [&] { return open || stopped(); }); };
  if (until.gate == "stdin") {
    held(wrote_);
    wrote_ = false;
  } else if (until.gate == "eof") {
    held(stdin_closed_);
  } else if (until.gate == "signal") {
    held(signalled_);
    signalled_ = false;
  } else if (until.gate == "freed") {
    held(freed_);
  } else {
    WaitUntil(lock, until, [this] { return stopped(); });
  }
}

void Execution::Emit(Lock& lock, int stream, std::string bytes) {
  Sink& to = sink(stream);
  if (to.cb == nullptr) return to.before.push_back(std::move(bytes));
  Deliver(lock, [cb = to.cb, data = to.user_data, bytes = std::move(bytes)] {
    cb(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), data);
  });
}

void Execution::DeliverExit(Lock& lock, int code) {
  exit_sent_ = true;
  if (exit_cb_ == nullptr) return exits_before_.push_back(code);
  Deliver(lock, [cb = exit_cb_, data = exit_data_, code] { cb(code, data); });
}

/// Through the queue, or at once on this thread where the script wants that.
void Execution::Deliver(Lock& lock, Queue::Event event) {
  if (!on_thread_) {
    queue_->Push(lock, std::move(event), [this] { return stopped(); });
    return;
  }
  lock.unlock();
  event();
  lock.lock();
}

void Execution::SetResult(Result result) {
  result_ = result;
  for (const Waiter& waiter : std::exchange(waiting_, {})) Answer(waiter, result);
  TheWorld().changed.notify_all();
}

void Execution::Answer(const Waiter& waiter, const Result& result) {
  answered_.push_back(waiter);
  queue_->Complete([waiter, result] {
    CallbackError error(result.failure);
    waiter.cb(result.failure ? kUnknown : result.code, error.get(), waiter.user_data);
  });
}

void Execution::PostExit(int code) {
  exit_sent_ = true;
  if (exit_cb_ == nullptr) return exits_before_.push_back(code);
  queue_->Complete([cb = exit_cb_, data = exit_data_, code] { cb(code, data); });
}

void Execution::Die(int signal) {
  aborted_ = true;
  PostExit(-signal);
  SetResult({-signal, {}});
}

/// Bytes that tell their own place: lines of 16, each the offset at which it stands.
std::string Execution::Pattern(int stream, std::size_t size) {
  std::uint64_t& position = sink(stream).position;
  std::string out;
  out.reserve(size + kLine);
  const std::size_t skip = position % kLine;
  for (std::uint64_t at = position - skip; out.size() < size + skip; at += kLine) {
    char line[kLine + 1];
    std::snprintf(line, sizeof line, "%015llx\n", static_cast<unsigned long long>(at));
    out += line;
  }
  position += size;
  return out.substr(skip, size);
}

std::string Execution::Shown(const std::string& what) const {
  if (what == "log") return TheWorld().log;
  if (what == "living") return Living();
  if (what == "args") return started_.args;
  if (what == "env") return started_.env;
  if (what == "workdir") return started_.workdir;
  return "nothing is known of " + what;
}

}  // namespace boxlite::fault
