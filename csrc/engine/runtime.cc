#include "engine/runtime.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <future>

#include "engine/stragglers.h"
#include "engine/user_spec.h"

namespace boxlite::engine {

namespace {

constexpr std::chrono::seconds kStopGrace{10};

Failure NotFound(const std::string& id_or_name) {
  return {BOXLITE_NOT_FOUND, "Box not found: " + id_or_name};
}

Failure Closed(const char* action) {
  return {BOXLITE_STOPPED, std::string("Cannot ") + action + ": runtime has been shut down or closed"};
}

Failure Spent() {
  return {BOXLITE_STOPPED, "Handle invalidated after stop(). Use boxlite_get() to get a new handle."};
}

/// A pipe or terminal of which one end becomes a process's; both are 3 or more, out of the way of its own 0
/// to 2.
UniqueFd Above2(int fd) {
  if (fd < 0 || fd > 2) return UniqueFd(fd);
  UniqueFd low(fd);
  return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

struct Channel {
  UniqueFd ours;
  UniqueFd theirs;
};

bool MakePipe(Channel& channel, bool process_reads) {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return false;
  UniqueFd read_end = Above2(fds[0]);
  UniqueFd write_end = Above2(fds[1]);
  channel.ours = std::move(process_reads ? write_end : read_end);
  channel.theirs = std::move(process_reads ? read_end : write_end);
  // Ours only: the flag is the open file's, and a process expects its own end to block.
  return channel.ours && channel.theirs && fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK) == 0;
}

/// The size that is asked for, else that of the terminal which the host has, else the usual one.
winsize TerminalSize(const Command& command) {
  if (command.rows > 0 && command.cols > 0) {
    return {static_cast<unsigned short>(command.rows), static_cast<unsigned short>(command.cols), 0, 0};
  }
  for (int fd = 0; fd < 3; ++fd) {
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) return size;
  }
  return {24, 80, 0, 0};
}

bool MakeTerminal(Channel& channel, const winsize& size) {
  channel.ours = Above2(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!channel.ours || unlockpt(channel.ours.get()) != 0) return false;
  channel.theirs = Above2(ioctl(channel.ours.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  return channel.theirs && ioctl(channel.ours.get(), TIOCSWINSZ, &size) == 0 &&
         fcntl(channel.ours.get(), F_SETFL, O_NONBLOCK) == 0;
}

UniqueFd Duplicate(const UniqueFd& fd) { return UniqueFd(fcntl(fd.get(), F_DUPFD_CLOEXEC, 3)); }

std::chrono::milliseconds MillisecondsSince(Clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since);
}

/// A path of a box, or of this process, as an absolute one.
std::string Absolute(const std::string& path, const std::string& base) {
  if (path.starts_with('/')) return path;
  return base.ends_with('/') ? base + path : base + "/" + path;
}

std::string WorkingFolder() {
  std::error_code error;
  auto folder = std::filesystem::current_path(error);
  return error ? "/" : folder.string();
}

/// Copies with all paths absolute; files that come into a box belong to its user.
Failure CopyForUser(const std::string& user, bool into_box, CopyPlan& plan) {
  if (into_box && user.find_first_not_of(" \t") != std::string::npos) {
    Failure failure;
    auto account = LookUpUser(user, failure);
    if (!account) return failure;
    if (account->identity.uid != geteuid()) plan.rules.owner = account->identity;
  }
  return Copy(plan);
}

/// Our ends of a process's streams, and its own, which live until it has started.
struct Wiring {
  Process::Ends ours;
  UniqueFd theirs[3];
};

bool Wire(const Command& command, Wiring& wiring, SpawnPlan& plan) {
  if (command.tty) {
    Channel terminal;
    if (!MakeTerminal(terminal, TerminalSize(command))) return false;
    wiring.ours.input = Duplicate(terminal.ours);
    wiring.ours.terminal = Duplicate(terminal.ours);
    wiring.ours.output = std::move(terminal.ours);
    wiring.theirs[0] = std::move(terminal.theirs);
    for (int& fd : plan.stdio) fd = wiring.theirs[0].get();
    return static_cast<bool>(wiring.ours.input) && static_cast<bool>(wiring.ours.terminal);
  }
  Channel channels[3];
  int first = 0;
  // Where it can't be opened, a pipe does that is closed after the start.
  if (command.no_stdin && (wiring.theirs[0] = Above2(open("/dev/null", O_RDONLY | O_CLOEXEC)))) {
    plan.stdio[0] = wiring.theirs[0].get();
    first = 1;
  }
  for (int fd = first; fd < 3; ++fd) {
    if (!MakePipe(channels[fd], fd == 0)) return false;
    wiring.theirs[fd] = std::move(channels[fd].theirs);
    plan.stdio[fd] = wiring.theirs[fd].get();
  }
  wiring.ours.input = std::move(channels[0].ours);
  wiring.ours.output = std::move(channels[1].ours);
  wiring.ours.error = std::move(channels[2].ours);
  return true;
}

}  // namespace

std::shared_ptr<Runtime> Runtime::Open(const std::string& folder, Failure& failure) {
  std::optional<Home> home;
  if (!folder.empty() && !(home = Home::Lock(folder, failure))) return nullptr;
  auto loop = EventLoop::Create(failure);
  if (!loop) return nullptr;
  std::unique_ptr<BoxKeeper> keeper;
  if (home && !(keeper = BoxKeeper::Open(folder, loop, failure))) return nullptr;
  std::shared_ptr<Runtime> runtime(new Runtime(std::move(loop), std::move(home), std::move(keeper)));
  runtime->Recover();
  const char* policy = std::getenv("BOXLITE_LOCAL_IMAGE_POLICY");
  runtime->use_host_for_images = policy != nullptr && std::strcmp(policy, "host") == 0;
  return runtime;
}

void Runtime::Recover() {
  if (!keeper_) return;
  auto recovered = keeper_->Recover();
  std::lock_guard lock(loop_->mutex);
  damaged_ = std::move(recovered.damaged);
  for (auto& box : recovered.boxes) {
    box->ever_ran = box->outlived_its_runtime;
    boxes_.emplace(box->id, std::move(box));
  }
}

void Runtime::AfterSaved(const Box& box, Saving::Then then) {
  if (!box.saving) return then({});
  box.saving->Await(std::move(then));
}

Failure Runtime::WaitSaved(const std::shared_ptr<Box>& box) {
  std::promise<Failure> promise;
  {
    std::lock_guard lock(loop_->mutex);
    AfterSaved(*box, [&promise](const Failure& failure) { promise.set_value(failure); });
  }
  return promise.get_future().get();
}

void Runtime::PostAfterSaved(const std::shared_ptr<Box>& box, Done done) {
  AfterSaved(*box, [this, done = std::move(done)](const Failure& failure) { PostDone(done, failure); });
}

Failure Runtime::CheckOpen(const char* action) const {
  return shut_down_ || freed_ ? Closed(action) : Failure{};
}

std::shared_ptr<Box> Runtime::FindByName(const std::string& name) {
  for (const auto& [id, box] : boxes_) {
    if (!name.empty() && box->options.name == name) return box;
  }
  return nullptr;
}

void Runtime::Create(Options options, CreateThen then) {
  const auto since = Clock::now();
  Failure failure = CheckOpen("create");
  if (!failure) failure = Validate(options, use_host_for_images);
  if (!failure && FindByName(options.name)) {
    failure = {BOXLITE_INVALID_ARGUMENT, "box with name '" + options.name + "' already exists"};
  }
  if (failure) {
    ++counters.failed;
    return then(nullptr, failure);
  }
  auto box = std::make_shared<Box>();
  box->id = NewBoxId();
  box->options = std::move(options);
  box->created_at = std::time(nullptr);
  boxes_.emplace(box->id, box);
  if (keeper_) keeper_->Save(box);
  AfterSaved(*box, [this, box, since, then = std::move(then)](const Failure& unsaved) {
    box->usage->create_time = MillisecondsSince(since);
    ++(unsaved ? counters.failed : counters.created);
    if (unsaved) Erase(box);
    then(unsaved ? nullptr : box, unsaved);
  });
}

std::shared_ptr<Box> Runtime::Find(const std::string& id_or_name, Failure& failure) {
  if (auto exact = boxes_.find(id_or_name); exact != boxes_.end()) return exact->second;
  if (auto named = FindByName(id_or_name)) return named;
  std::shared_ptr<Box> found;
  for (const auto& [id, box] : boxes_) {
    if (!id.starts_with(id_or_name)) continue;
    if (found) {
      failure = {BOXLITE_INVALID_ARGUMENT, "the id prefix '" + id_or_name + "' is ambiguous"};
      return nullptr;
    }
    found = box;
  }
  if (auto damaged = damaged_.find(id_or_name); !found && damaged != damaged_.end()) {
    failure = {BOXLITE_METADATA, "the record of box " + id_or_name + " cannot be used: " + damaged->second};
  } else if (!found) {
    failure = NotFound(id_or_name);
  }
  return found;
}

Failure Runtime::Boot(const std::shared_ptr<Box>& box, std::uint64_t epoch, const char* action) {
  if (auto failure = CheckOpen(action)) return failure;
  if (box->epoch != epoch || box->status == BoxStatus::kRemoved) return Spent();
  if (box->status == BoxStatus::kStopping) return {BOXLITE_INVALID_STATE, "the box is stopping"};
  const auto before = std::exchange(box->status, BoxStatus::kRunning);
  if (before == BoxStatus::kRunning) return {};
  const auto since = Clock::now();
  box->usage->MeasureCpu(0, since);
  if (!keeper_) return {};
  keeper_->Save(box, [box, before, epoch] {
    if (box->status == BoxStatus::kRunning && box->epoch == epoch) box->status = before;
  });
  AfterSaved(*box,
             [usage = box->usage, since](const Failure&) { usage->boot_time = MillisecondsSince(since); });
  return {};
}

std::shared_ptr<Process> Runtime::Exec(const std::shared_ptr<Box>& box, std::uint64_t epoch,
                                       const Command& command, Failure& failure) {
  std::shared_ptr<Process> process;
  const bool ran = spawner_.Run([&](bool stopped) {
    if (stopped) {
      failure = Closed("exec");
    } else {
      process = StartProcess(box, epoch, command, failure);
    }
  });
  if (!ran) failure = Closed("exec");
  return process;
}

bool Runtime::PostExec(const std::shared_ptr<Box>& box, std::uint64_t epoch, Command command,
                       Started started) {
  return spawner_.Post(
      [this, box, epoch, command = std::move(command), started = std::move(started)](bool stopped) {
        if (stopped) return started(nullptr, Closed("exec"));
        Failure failure;
        auto process = StartProcess(box, epoch, command, failure);
        started(std::move(process), failure);
      });
}

std::shared_ptr<Process> Runtime::StartProcess(const std::shared_ptr<Box>& box, std::uint64_t epoch,
                                               const Command& command, Failure& failure) {
  SpawnPlan plan;
  Wiring wiring;
  bool saved = false;
  bool one_by_one = false;
  {
    std::lock_guard lock(loop_->mutex);
    one_by_one = !box->LastStartedRuns();
    failure = Boot(box, epoch, "exec");
    if (failure || !box->saving || box->saving->finished()) saved = true;
  }
  YieldToCallers(one_by_one);
  // A program must not run in a box that the next runtime would not know to have run.
  if (!saved) failure = WaitSaved(box);
  if (!failure) failure = Plan(command, box->id, box->options, plan);
  if (!failure && !Wire(command, wiring, plan)) {
    failure = {BOXLITE_RESOURCE_EXHAUSTED, std::string("cannot make the streams: ") + std::strerror(errno)};
  }
  Spawned spawned;
  if (!failure) spawned = Spawn(plan, failure);
  if (failure) {
    std::lock_guard lock(loop_->mutex);
    ++counters.exec_errors;
    ++box->usage->exec_errors;
    return nullptr;
  }
  auto process =
      Process::Create(loop_, std::move(spawned), std::move(wiring.ours), command.timeout_seconds, box->usage);
  {
    std::lock_guard lock(loop_->mutex);
    if (command.no_stdin) process->input().CloseAfterQueue();
    failure = Boot(box, epoch, "exec");
    if (!failure) {
      box->ever_ran = true;
      box->processes.push_back(process);
      if (box->processes.size() % 64 == 0) box->Running();
      ++counters.commands;
      ++box->usage->commands;
      return process;
    }
  }
  // The box was stopped while the program was loaded: nobody else would end it.
  process->Release();
  return nullptr;
}

void Runtime::CopyFiles(const std::shared_ptr<Box>& box, std::uint64_t epoch, bool into_box, CopyPlan plan,
                        Done done) {
  std::string& in_box = into_box ? plan.to : plan.from;
  std::string& outside = into_box ? plan.from : plan.to;
  if (in_box.empty()) return PostDone(std::move(done), {BOXLITE_CONFIG, "the path in the box is empty"});
  if (outside.empty())
    return PostDone(std::move(done), {BOXLITE_INVALID_ARGUMENT, "the host's path is empty"});
  if (auto failure = Boot(box, epoch, "copy")) return PostDone(std::move(done), failure);
  in_box = Absolute(in_box, box->options.workdir.empty() ? "/" : Absolute(box->options.workdir, "/"));
  outside = Absolute(outside, WorkingFolder());
  (into_box ? plan.trust_target : plan.trust_source) = false;
  plan.rules.cancelled = [this, box, epoch] {
    std::lock_guard lock(loop_->mutex);
    return freed_ || box->epoch != epoch;
  };
  file_workers_.Submit([this, into_box, box, plan = std::move(plan), done = std::move(done)]() mutable {
    auto failure = WaitSaved(box);
    if (!failure) failure = CopyForUser(box->options.user, into_box, plan);
    std::lock_guard lock(loop_->mutex);
    PostDone(std::move(done), std::move(failure));
  });
}

Failure Runtime::Measure(const std::shared_ptr<Box>& box, std::uint64_t epoch, MeasureAnswer answer) {
  if (auto failure = CheckOpen("measure")) return failure;
  if (box->epoch != epoch || box->status == BoxStatus::kRemoved) return Spent();
  if (box->status != BoxStatus::kRunning) {
    loop_->Post([answer = std::move(answer), usage = *box->usage] { answer(usage, {}, 0); });
    return {};
  }
  std::vector<pid_t> leaders;
  for (const auto& process : box->Running()) leaders.push_back(process->pid());
  measure_workers_.Submit([this, box, leaders = std::move(leaders), answer = std::move(answer)] {
    const TreeUsage tree = MeasureTree(box->id, leaders);
    std::lock_guard lock(loop_->mutex);
    const double percent = box->usage->MeasureCpu(tree.cpu_seconds, Clock::now());
    loop_->Post([answer, usage = *box->usage, tree, percent] { answer(usage, tree, percent); });
  });
  return {};
}

void Runtime::PostDone(Done done, Failure failure) {
  loop_->Post([done = std::move(done), failure = std::move(failure)] { done(failure); });
}

void Runtime::EndProcesses(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace) {
  std::vector<std::shared_ptr<Process>> running;
  const bool gently = !grace || grace->count() > 0;
  bool ever_ran = false;
  bool outlived = false;
  {
    std::lock_guard lock(loop_->mutex);
    ever_ran = box->ever_ran;
    outlived = std::exchange(box->outlived_its_runtime, false);
    running = box->Running();
    for (const auto& process : running) process->Signal(gently ? SIGTERM : SIGKILL);
  }
  const auto give_up = grace ? std::optional(Clock::now() + *grace) : std::nullopt;
  const auto out_of_patience = [&] {
    std::lock_guard lock(loop_->mutex);
    return freed_ || (give_up && Clock::now() >= *give_up);
  };
  if (outlived && gently) TerminateStragglers({box->id}, out_of_patience);
  for (const auto& process : running) {
    const bool ended = gently && process->JoinUntil(out_of_patience);
    if (ended) continue;
    {
      std::lock_guard lock(loop_->mutex);
      process->Signal(SIGKILL);
    }
    process->Join();
  }
  if (ever_ran) KillStragglers({box->id});
}

void Runtime::EndBox(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace,
                     std::function<void()> after) {
  ++workers_;
  std::thread([self = shared_from_this(), box, grace, after = std::move(after)] {
    self->EndProcesses(box, grace);
    std::lock_guard lock(self->loop_->mutex);
    after();
    --self->workers_;
    self->worker_left_.notify_all();
  }).detach();
}

void Runtime::Erase(const std::shared_ptr<Box>& box) {
  box->status = BoxStatus::kRemoved;
  ++box->epoch;
  boxes_.erase(box->id);
  if (keeper_) keeper_->Remove(box);
}

void Runtime::RemoveDamaged(const std::string& id, Done done) {
  damaged_.erase(id);
  // Nobody knows whether it was detached, so what ran in it was left alone so far.
  file_workers_.Submit([this, id, done = std::move(done)] {
    KillStragglers({id});
    std::lock_guard lock(loop_->mutex);
    keeper_->RemoveDamaged(id, [this, done](const Failure& failure) { PostDone(done, failure); });
  });
}

void Runtime::FinishStop(const std::shared_ptr<Box>& box) {
  // A removal may have overtaken the stop.
  if (box->status != BoxStatus::kRemoved) {
    box->status = BoxStatus::kStopped;
    if (box->options.removes_on_stop()) {
      Erase(box);
    } else if (keeper_) {
      keeper_->Save(box);
    }
  }
  AnswerStops(box);
}

void Runtime::AnswerStops(const std::shared_ptr<Box>& box) {
  auto waiting = stopping_.extract(box->id);
  if (waiting.empty()) return;
  for (auto& done : waiting.mapped()) PostAfterSaved(box, std::move(done));
}

void Runtime::Stop(const std::shared_ptr<Box>& box, Done done) {
  StopWithin(box, kStopGrace, std::move(done));
}

void Runtime::StopWithin(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace, Done done) {
  switch (box->status) {
    case BoxStatus::kRunning:
      box->status = BoxStatus::kStopping;
      ++box->epoch;
      stopping_[box->id].push_back(std::move(done));
      return EndBox(box, grace, [this, box] { FinishStop(box); });
    case BoxStatus::kStopping: return stopping_[box->id].push_back(std::move(done));
    case BoxStatus::kConfigured:
      if (box->options.removes_on_stop()) Erase(box);
      break;
    case BoxStatus::kStopped:
    case BoxStatus::kRemoved: break;
  }
  PostAfterSaved(box, std::move(done));
}

void Runtime::Remove(const std::string& id_or_name, bool force, Done done) {
  if (damaged_.contains(id_or_name)) return RemoveDamaged(id_or_name, std::move(done));
  Failure failure;
  auto box = Find(id_or_name, failure);
  if (!box) return PostDone(std::move(done), failure);
  const bool runs = box->status == BoxStatus::kRunning || box->status == BoxStatus::kStopping;
  if (runs && !force) {
    return PostDone(std::move(done),
                    {BOXLITE_INVALID_STATE, "box " + box->id + " is running: stop it first, or use force"});
  }
  if (!runs) {
    Erase(box);
    return PostAfterSaved(box, std::move(done));
  }
  box->status = BoxStatus::kStopping;
  ++box->epoch;
  EndBox(box, Clock::duration::zero(), [this, box, done = std::move(done)] {
    if (box->status != BoxStatus::kRemoved) Erase(box);
    AnswerStops(box);
    PostAfterSaved(box, done);
  });
}

void Runtime::ShutDown(std::optional<std::chrono::seconds> grace, Done done) {
  if (std::exchange(shut_down_, true)) return PostDone(std::move(done), {});
  auto left = std::make_shared<std::atomic<int>>(1);
  auto arrive = [left, done = std::move(done)](const Failure&) {
    if (--*left == 0) done({});
  };
  auto boxes = boxes_;
  for (const auto& [id, box] : boxes) {
    if (box->options.detach || (box->status != BoxStatus::kRunning && box->status != BoxStatus::kStopping))
      continue;
    ++*left;
    StopWithin(box, grace, arrive);
  }
  PostDone(arrive, {});
}

void Runtime::ForgetHandle(const std::shared_ptr<Box>& box) {
  --box->handles;
  // The machine of a box that is local and not detached lives as long as somebody holds it.
  if (box->handles > 0 || freed_ || box->options.detach || box->status != BoxStatus::kRunning) return;
  StopWithin(box, kStopGrace, [](const Failure&) {});
}

void Runtime::Free() {
  std::vector<std::shared_ptr<Box>> running;
  {
    std::lock_guard lock(loop_->mutex);
    if (std::exchange(freed_, true)) return;
    for (const auto& [id, box] : boxes_) {
      if (!box->options.detach && box->status == BoxStatus::kRunning) running.push_back(box);
    }
  }
  for (const auto& box : running) EndProcesses(box, Clock::duration::zero());
  {
    std::unique_lock lock(loop_->mutex);
    worker_left_.wait(lock, [this] { return workers_ == 0; });
  }
  file_workers_.Finish();
  measure_workers_.Finish();
  if (keeper_) keeper_->Finish();
  loop_->Close();
  spawner_.Stop();
  home_.reset();
}

}  // namespace boxlite::engine
