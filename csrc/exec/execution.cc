#include "exec/execution.h"

#include <sys/random.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "exec/execution_table.h"
#include "ffi/callbacks.h"

namespace boxlite::exec {

namespace {

using ffi::Completion;
using ffi::ErrorCode;
using ffi::MakeError;
using ffi::Status;
using ffi::Unit;

// An engine that can't even kill holds close() up no longer than this.
constexpr std::chrono::seconds kCloseGrace{5};
// What ends sooner is told of once, its start and its end.
constexpr std::chrono::milliseconds kQuiet{2};
constexpr std::size_t kQuietBytes = 64 * 1024;
constexpr std::size_t kGatheredAtOnce = 1024 * 1024;

void* ToUserData(std::uint64_t id) { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id)); }

std::shared_ptr<Execution> FromUserData(void* user_data) {
  return execution_table::Find(reinterpret_cast<std::uintptr_t>(user_data));
}

template <Stream kStream>
void ChunkCallback(const std::uint8_t* data, std::size_t size, void* user_data) noexcept {
  // An empty chunk may come with any pointer.
  if (size == 0) return;
  if (auto execution = FromUserData(user_data)) execution->OnChunk(kStream, {data, size});
}

void ExitCallback(int code, void* user_data) noexcept {
  if (auto execution = FromUserData(user_data)) execution->OnExitCallback(code);
}

void WaitCallback(int code, CBoxliteError* error, void* user_data) noexcept {
  auto execution = FromUserData(user_data);
  if (execution) execution->OnWaitAnswer(code, ffi::CopyCallbackError(error, "execution.wait"));
}

std::string RandomId() {
  std::uint64_t words[2]{};
  if (getrandom(words, sizeof words, GRND_NONBLOCK) < 0) words[0] = execution_table::NewId();
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(words[0]),
                static_cast<unsigned long long>(words[1]));
  return text;
}

Status AlreadyRead() {
  return MakeError(ErrorCode::kInvalidState, "the stream has a reader already, or had one", "execution.read");
}

Status StdinClosed(const char* operation) {
  return MakeError(ErrorCode::kInvalidState, "execution stdin is closed", operation);
}

}  // namespace

Execution::Execution(const Surroundings& surroundings, std::shared_ptr<ffi::Box> box,
                     const ffi::Command& command)
    : around_(surroundings),
      box_(std::move(box)),
      command_(command.command),
      id_(RandomId()),
      table_id_(execution_table::NewId()),
      started_at_(Clock::now()),
      deadline_(command.timeout ? std::optional(started_at_ +
                                                std::chrono::duration_cast<Clock::duration>(*command.timeout))
                                : std::nullopt),
      pumps_{StreamPump(surroundings.limits), StreamPump(surroundings.limits)},
      exit_(surroundings.runtime->library()->has("exact-status")) {}

Execution::~Execution() = default;

// ---- Start --------------------------------------------------------------------------------------

ffi::Result<std::shared_ptr<Execution>> Execution::Start(const Surroundings& surroundings,
                                                         std::shared_ptr<ffi::Box> box,
                                                         const ffi::Command& command) {
  auto box_handle = box->Use();
  if (!box_handle) return surroundings.runtime->ClosedError("box.exec");
  std::shared_ptr<Execution> execution(new Execution(surroundings, std::move(box), command));
  auto started = ffi::Exec(surroundings.runtime->library(), box_handle.get(), command);
  if (!started.ok()) return started.error();
  auto adopted = execution->Adopt(std::move(started.value()), command.quiet_start);
  if (adopted.ok() && command.tty_size) {
    execution->Resize(command.tty_size->cols, command.tty_size->rows, [](Status) {});
  }
  if (adopted.ok() && command.no_stdin) execution->CloseStdin([](Status) {});
  return adopted;
}

bool Execution::PostStart(const Surroundings& surroundings, std::shared_ptr<ffi::Box> box,
                          const ffi::Command& command, ffi::Completion<std::shared_ptr<Execution>> done) {
  auto box_handle = box->Use();
  if (!box_handle) return false;
  std::shared_ptr<Execution> execution(new Execution(surroundings, std::move(box), command));
  auto adopt = [execution, quietly = command.quiet_start, done = std::move(done)](auto started) {
    if (!started.ok()) return done(started.error());
    done(execution->Adopt(std::move(*started.value()), quietly));
  };
  return ffi::PostExec(*surroundings.runtime, box_handle.get(), command, std::move(adopt));
}

ffi::Result<std::shared_ptr<Execution>> Execution::Adopt(ffi::ExecutionHandle started, bool quietly) {
  auto self = shared_from_this();
  // Shared with this function: a command may end, and let go of its handle, while its callbacks are
  // registered.
  Handle handle = Share(std::move(started));
  handle_ = handle;
  execution_table::Insert(table_id_, self);
  if (quietly) BeginQuietly();
  auto registered = Register(handle.get());
  if (registered.ok()) return self;
  Close([](Status) {});
  return registered.error();
}

void Execution::BeginQuietly() {
  Step([&](Consequences&) {
    begun_ = true;
    quiet_until_ = Clock::now() + kQuiet;
  });
}

Status Execution::Register(CExecutionHandle* raw) {
  const ffi::Api& api = around_.runtime->library()->api();
  void* user_data = ToUserData(table_id_);
  auto call = [&](auto function, auto callback) {
    ffi::ErrorSlot error(api);
    auto code = function(raw, callback, user_data, error.out());
    return code == BOXLITE_OK ? Status(Unit{}) : Status(error.Take(code, "box.exec"));
  };
  // Exit waits only for the streams that were registered before it.
  Status status = call(api.execution_on_stdout, ChunkCallback<Stream::kStdout>);
  if (status.ok()) status = call(api.execution_on_stderr, ChunkCallback<Stream::kStderr>);
  if (status.ok()) status = call(api.execution_on_exit, ExitCallback);
  if (status.ok()) status = call(api.execution_wait, WaitCallback);
  return status;
}

Execution::Handle Execution::Share(ffi::ExecutionHandle handle) {
  auto library = handle.get_deleter().library;
  auto executor = around_.runtime->executor();
  std::weak_ptr<Execution> weak = weak_from_this();
  return {handle.release(), [library, executor, weak](CExecutionHandle* raw) {
            auto self = weak.lock();
            auto free = [library, weak, raw] {
              library->api().execution_free(raw);
              if (auto freed = weak.lock()) freed->OnHandleFreed();
            };
            // Nothing is left to wait for, so a thread for it would cost more than the call.
            const bool prompt = self && self->ended_ && library->has("prompt-free");
            if (prompt || !executor->Submit(free)) free();
          }};
}

Execution::Handle Execution::Use() const {
  std::lock_guard lock(mutex_);
  return handle_;
}

// ---- Events -------------------------------------------------------------------------------------

template <class Event>
void Execution::Step(Event event) {
  Consequences todo;
  {
    std::lock_guard lock(mutex_);
    event(todo);
    CollectLocked(todo);
  }
  if (todo.pause_changed) ApplyPause();
  if (todo.kill) Kill([](Status) {});
  if (todo.timer) around_.timer->At(*todo.timer, weak_from_this());
  if (todo.notify) around_.wakeup->Notify(shared_from_this());
  if (todo.forget) execution_table::Erase(table_id_);
  for (const auto& released : todo.on_released) released();
}

void Execution::OnChunk(Stream stream, std::span<const std::uint8_t> chunk) {
  Step([&](Consequences& todo) {
    last_byte_at_ = Clock::now();
    (stream == Stream::kStdout ? arrived_.stdout_bytes : arrived_.stderr_bytes) += chunk.size();
    const auto fate = pump(stream).Append(chunk);
    if (fate == ChunkFate::kKept) arrivals_.Append(stream, chunk.size());
    if (!IsFine(fate)) LoseLocked(stream, fate, todo);
  });
}

void Execution::LoseLocked(Stream stream, ChunkFate fate, Consequences& out) {
  const std::string what =
      std::string(stream == Stream::kStdout ? "stdout" : "stderr") + " of \"" + command_ + "\"";
  auto why = ErrorCode::kResourceExhausted;
  std::string message;
  switch (fate) {
    case ChunkFate::kKept:
    case ChunkFate::kDiscarded: return;
    case ChunkFate::kOverLimit:
      message = what + " passed maxBufferedBytes (" + std::to_string(around_.limits.total) + " bytes)";
      break;
    case ChunkFate::kDiskFailed:
      why = ErrorCode::kStorage;
      message = "unread output could not be written to the temporary folder";
      break;
    case ChunkFate::kNoMemory: message = "there is no memory left for " + what; break;
    case ChunkFate::kTooMuch: message = what + " is larger than a Buffer can be; use maxBytes"; break;
  }
  auto error = MakeError(why, message + "; the execution was killed", "execution.read");
  pump(stream).CutShort(error);
  FailLocked(std::move(error), out);
}

void Execution::OnExitCallback(int code) {
  Step([&](Consequences&) {
    if (!exit_.OnExitCallback(code)) return;
    SeeEndLocked();
    EndStreamsLocked();
  });
}

void Execution::OnWaitAnswer(int code, std::optional<ffi::Error> error) {
  Step([&](Consequences&) {
    if (!bytes_at_wait_) bytes_at_wait_ = arrived_;
    exit_.OnWait(code, std::move(error));
    ended_ = true;
    SeeEndLocked();
  });
}

void Execution::OnEngineGone(ffi::Error why) {
  Step([&](Consequences&) {
    for (auto& pump : pumps_) pump.CutShort(why);
    exit_.OnEngineGone(std::move(why));
    SeeEndLocked();
  });
}

void Execution::OnHandleFreed() {
  Step([&](Consequences&) {
    handle_freed_ = true;
    exit_.OnHandleFreed();
    SeeEndLocked();
  });
}

void Execution::OnTimer() {
  Step([&](Consequences& todo) {
    timer_due_.reset();
    const auto now = Clock::now();
    if (quiet_until_ && now >= *quiet_until_) {
      quiet_until_.reset();
      notified_ = false;  // an earlier wake-up may have found nobody who knew of this execution
      todo.notify = true;
    }
    if (close_due_ && now >= *close_due_) {
      handle_freed_ = true;  // it is not, and nobody can tell when: no reason to wait for it
      exit_.OnHandleFreed();
      SeeEndLocked();
      exit_.OnGraceOver();
      EndStreamsLocked();
      close_due_.reset();
    } else if (exit_.wants_grace() && now >= std::max(*ended_at_, last_byte_at_) + around_.drain_grace) {
      exit_.OnGraceOver();
      EndStreamsLocked();
    }
  });
}

void Execution::SeeEndLocked() {
  if (!ended_at_) ended_at_ = Clock::now();
}

void Execution::EndStreamsLocked() {
  for (auto& pump : pumps_) pump.End();
}

void Execution::FailLocked(ffi::Error why, Consequences& out) {
  exit_.OnFailure(std::move(why));
  out.kill = true;
}

// ---- What an event leads to ---------------------------------------------------------------------

void Execution::CollectLocked(Consequences& out) {
  for (Stream stream : kStreams) {
    const auto i = IndexOf(stream);
    if (pumps_[i].TakeWake()) {
      (reads_both_ ? batch_.readable_any : batch_.readable[i]) = true;
      out.notify = true;
    }
    const bool wants_pause = pumps_[i].WantsPause();
    out.pause_changed |= wants_pause != wants_pause_[i];
    // Whoever wants it is told before it costs memory or a file.
    out.notify |= quiet_until_ && pumps_[i].spool().size() >= kQuietBytes;
    wants_pause_[i] = wants_pause;
  }
  CollectEmissionLocked(out);
  CollectGraceLocked(out);
  if (out.notify) out.notify = !std::exchange(notified_, true);
}

void Execution::CollectEmissionLocked(Consequences& out) {
  if (box_->stop_asked())
    exit_.OnBoxStopped(MakeError(ErrorCode::kStopped, "the box was stopped", "execution.wait"));
  auto emission = exit_.Settle(pumps_[0].captured() && pumps_[1].captured(),
                               begun_ && pumps_[0].drained() && pumps_[1].drained());
  if (emission.exit) {
    batch_.exit = true;
    // Only if it is still here: assigning over a handle that is on its way out would free it under the lock.
    if (handle_) out.released = std::move(handle_);
  }
  out.notify |= emission.exit || !emission.waits.empty() || !emission.early_waits.empty();
  for (auto id : emission.early_waits) batch_.early_waits.push_back(id);
  for (auto id : emission.waits) batch_.waits.push_back(id);
  if (!handle_freed_ || exit_.phase() != ExitPump::Phase::kExited) return;
  out.forget = true;
  out.on_released = std::exchange(on_released_, {});
  for (auto& done : std::exchange(closings_, {})) {
    batch_.closed.push_back(std::move(done));
    out.notify = true;
  }
}

void Execution::CollectGraceLocked(Consequences& out) {
  std::optional<Clock::time_point> due = quiet_until_;
  auto at = [&due](Clock::time_point time) { due = std::min(due.value_or(time), time); };
  if (exit_.wants_grace()) {
    at(std::max(*ended_at_, last_byte_at_) + around_.drain_grace);
  } else if (close_due_ && !handle_freed_) {
    at(*close_due_);
  }
  // A timer that fires too early finds nothing to do and asks again; only an earlier one is new.
  if (!due || (timer_due_ && *timer_due_ <= *due)) return;
  out.timer = timer_due_ = due;
}

void Execution::ApplyPause() {
  auto set_paused = around_.runtime->library()->api().execution_set_stream_paused;
  if (set_paused == nullptr) return;
  Handle handle;  // let go of after the lock: it may be the last one, whose end comes back here
  std::lock_guard pausing(pause_mutex_);
  for (Stream stream : kStreams) {
    const auto i = IndexOf(stream);
    bool wanted = false;
    {
      std::lock_guard lock(mutex_);
      wanted = wants_pause_[i];
      if (handle_) handle = handle_;
      if (!handle_ || wanted == paused_[i]) continue;
    }
    paused_[i] = wanted;
    set_paused(handle.get(), static_cast<int>(stream), wanted ? 1 : 0, nullptr);
  }
}

Batch Execution::TakeBatch() {
  std::lock_guard lock(mutex_);
  notified_ = false;
  quiet_until_.reset();
  Batch batch = std::exchange(batch_, {});
  if (!batch.exit && batch.waits.empty() && batch.early_waits.empty()) return batch;
  batch.ending.terminal = exit_.Result();
  const int code = batch.ending.terminal.code;
  const auto ended_at = ended_at_.value_or(Clock::now());
  batch.ending.timed_out = deadline_ && ended_at >= *deadline_ && (code == -SIGTERM || code == -SIGKILL);
  batch.ending.duration_ms = std::chrono::duration<double, std::milli>(ended_at - started_at_).count();
  return batch;
}

bool Execution::notified() const {
  std::lock_guard lock(mutex_);
  return notified_;
}

bool Execution::released() const {
  std::lock_guard lock(mutex_);
  return handle_freed_ && exit_.phase() == ExitPump::Phase::kExited;
}

bool Execution::exited() const {
  std::lock_guard lock(mutex_);
  return exit_.phase() == ExitPump::Phase::kExited;
}

bool Execution::cut_off() const {
  std::lock_guard lock(mutex_);
  return pumps_[0].cut_off() || pumps_[1].cut_off();
}

std::optional<BytesAtWait> Execution::bytes_at_wait() const {
  std::lock_guard lock(mutex_);
  return bytes_at_wait_;
}

std::uint64_t Execution::late_chunks() const {
  std::lock_guard lock(mutex_);
  return pumps_[0].late_chunks() + pumps_[1].late_chunks();
}

// ---- Reading ------------------------------------------------------------------------------------

Status Execution::Attach(Stream stream) {
  std::lock_guard lock(mutex_);
  if (!pump(stream).Attach()) return AlreadyRead();
  arrivals_.Stop();
  TakeExitBackLocked();
  return Unit{};
}

Status Execution::AttachBoth() {
  std::lock_guard lock(mutex_);
  for (Stream stream : kStreams) {
    if (pump(stream).attached() || pump(stream).left()) return AlreadyRead();
  }
  for (Stream stream : kStreams) pump(stream).Attach();
  reads_both_ = true;
  TakeExitBackLocked();
  return Unit{};
}

void Execution::TakeExitBackLocked() {
  if (std::exchange(batch_.exit, false)) exit_.TakeBack(std::exchange(batch_.waits, {}));
}

ReadResult Execution::Read(Stream stream, std::size_t max) {
  ReadResult result;
  result.stream = stream;
  Spool::FileRange range;
  Step([&](Consequences&) {
    if (pump(stream).left()) {
      result = AtEndLocked(stream);
      return;
    }
    switch (pump(stream).Peek()) {
      case StreamPump::Next::kBytes:
        result.kind = ReadResult::Kind::kBytes;
        result.bytes = pump(stream).spool().TakeFromMemory(max);
        return;
      case StreamPump::Next::kFile: range = pump(stream).spool().NextInFile(max); return;
      case StreamPump::Next::kNothingYet: result.kind = ReadResult::Kind::kNothingYet; return;
      case StreamPump::Next::kEnd: result = AtEndLocked(stream); return;
    }
  });
  return range.file ? ReadFromFile(stream, range) : std::move(result);
}

ReadResult Execution::AtEndLocked(Stream stream) const {
  const StreamPump& pump = pumps_[IndexOf(stream)];
  ReadResult result;
  result.stream = stream;
  result.kind = ReadResult::Kind::kEnd;
  // Who closes an execution has no use for the rest; who reads while its runtime is closed must not take a
  // part for all.
  const bool closed_under_reader = session_closed_ && pump.cut_off();
  if (!closed_under_reader && pump.missing() == nullptr) return result;
  result.kind = ReadResult::Kind::kError;
  result.error = closed_under_reader
                     ? MakeError(ErrorCode::kStopped, "the runtime was closed before all output was read")
                     : *pump.missing();
  result.error.operation = "execution.read";
  return result;
}

ReadResult Execution::ReadFromFile(Stream stream, const Spool::FileRange& range) {
  ReadResult result;
  result.stream = stream;
  Slab slab(range.size);
  // Without the lock: the drain thread may append meanwhile, and only this reader consumes.
  const bool read = range.file->ReadAt(range.offset, {slab.tail(), range.size});
  Step([&](Consequences& todo) {
    if (read) {
      slab.Grow(range.size);
      pump(stream).spool().ConsumeFile(range.size);
      result.kind = ReadResult::Kind::kBytes;
      result.bytes = std::move(slab);
      return;
    }
    result.kind = ReadResult::Kind::kError;
    result.error = MakeError(ErrorCode::kStorage, "spilled output could not be read back", "execution.read");
    pump(stream).Leave();
    FailLocked(result.error, todo);
  });
  return result;
}

Status Execution::Gather(Stream stream, std::uint64_t bound) {
  if (auto attached = Attach(stream); !attached.ok()) return attached;
  auto gathering = std::make_unique<Gathering>(bound);
  for (;;) {
    // What came before is taken first; what comes meanwhile is behind it in the spool.
    Step([&](Consequences&) {
      if (pump(stream).spool().empty() && !pump(stream).left()) pump(stream).Gather(std::move(gathering));
    });
    if (!gathering) return Unit{};
    auto earlier = Read(stream, kGatheredAtOnce);
    if (earlier.kind == ReadResult::Kind::kError) return earlier.error;
    if (earlier.kind == ReadResult::Kind::kEnd) return Unit{};
    const auto fate = gathering->Append(earlier.bytes.bytes());
    if (IsFine(fate)) continue;
    Step([&](Consequences& todo) {
      LoseLocked(stream, fate, todo);
      pump(stream).Leave();
    });
    return Unit{};
  }
}

std::unique_ptr<Gathering> Execution::TakeGathered(Stream stream) {
  std::lock_guard lock(mutex_);
  return pump(stream).TakeGathered();
}

ReadResult Execution::ReadAny(std::size_t max) {
  std::optional<Stream> next;
  ReadResult none;
  Step([&](Consequences&) {
    if (const auto* run = arrivals_.front()) {
      next = run->stream;
      max = static_cast<std::size_t>(std::min<std::uint64_t>(max, run->bytes));
      return;
    }
    none.kind = ReadResult::Kind::kEnd;
    // Nothing is logged any more once a reader of both has left one of them.
    for (Stream stream : kStreams) {
      const auto found = pump(stream).left() ? StreamPump::Next::kEnd : pump(stream).Peek();
      if (found == StreamPump::Next::kEnd) {
        if (auto end = AtEndLocked(stream); end.kind == ReadResult::Kind::kError) none = std::move(end);
        continue;
      }
      none.kind = ReadResult::Kind::kNothingYet;
      if (found != StreamPump::Next::kNothingYet) next = stream;
    }
  });
  if (!next) return none;
  ReadResult result = Read(*next, max);
  std::lock_guard lock(mutex_);
  arrivals_.Consume(result.bytes.size());
  return result;
}

void Execution::Begin() {
  Step([&](Consequences&) { begun_ = true; });
}

void Execution::Leave(Stream stream) {
  Step([&](Consequences&) {
    pump(stream).Leave();
    arrivals_.Stop();
  });
}

std::uint64_t Execution::AskWait(bool drain) {
  std::uint64_t id = 0;
  Step([&](Consequences&) {
    id = next_wait_++;
    exit_.AskWait(id, drain);
  });
  return id;
}

// ---- Operations ---------------------------------------------------------------------------------

template <class Post>
void Execution::PostOn(const char* operation, Completion<Unit> done, Post post) {
  auto handle = Use();
  if (!handle) return done(MakeError(ErrorCode::kInvalidState, "the execution has ended", operation));
  around_.runtime->PostCall<Unit>(operation, std::move(done), [&](void* user_data, CBoxliteError* error) {
    return post(handle.get(), user_data, error);
  });
}

template <class Post>
void Execution::PostUnlessExited(const char* operation, Completion<Unit> done, Post post) {
  // An engine refuses to signal what is gone; the caller only wanted it gone.
  auto forgive = [self = shared_from_this(), done = std::move(done)](Status status) {
    done(!status.ok() && self->end_seen() ? Status(Unit{}) : std::move(status));
  };
  if (end_seen()) return forgive(Unit{});
  PostOn(operation, std::move(forgive), post);
}

bool Execution::end_seen() const {
  std::lock_guard lock(mutex_);
  return exit_.phase() != ExitPump::Phase::kRunning;
}

void Execution::Kill(Completion<Unit> done) {
  auto kill = around_.runtime->library()->api().execution_kill;
  PostUnlessExited("execution.kill", std::move(done),
                   [kill](CExecutionHandle* handle, void* user_data, CBoxliteError* error) {
                     return kill == nullptr ? BOXLITE_UNSUPPORTED
                                            : kill(handle, ffi::OnDone, user_data, error);
                   });
}

void Execution::Signal(int signal, Completion<Unit> done) {
  auto send = around_.runtime->library()->api().execution_signal;
  PostUnlessExited("execution.signal", std::move(done),
                   [send, signal](CExecutionHandle* handle, void* user_data, CBoxliteError* error) {
                     return send == nullptr ? BOXLITE_UNSUPPORTED
                                            : send(handle, signal, ffi::OnDone, user_data, error);
                   });
}

void Execution::Resize(int cols, int rows, Completion<Unit> done) {
  auto resize = around_.runtime->library()->api().execution_tty_resize;
  PostOn("execution.resize", std::move(done),
         [=](CExecutionHandle* handle, void* user_data, CBoxliteError* error) {
           return resize == nullptr ? BOXLITE_UNSUPPORTED
                                    : resize(handle, rows, cols, ffi::OnDone, user_data, error);
         });
}

void Execution::Write(const std::uint8_t* data, std::size_t size, Completion<Unit> done) {
  const ffi::Api& api = around_.runtime->library()->api();
  auto handle = Use();
  if (!handle) return done(StdinClosed("execution.write"));
  {
    std::lock_guard lock(stdin_mutex_);
    ffi::ErrorSlot error(api);
    auto code = api.execution_stdin_write == nullptr
                    ? BOXLITE_UNSUPPORTED
                    : api.execution_stdin_write(handle.get(), data, size, error.out());
    if (code != BOXLITE_OK) return done(error.Take(code, "execution.write"));
  }
  if (api.execution_stdin_flush == nullptr) return done(Unit{});
  PostOn("execution.write", std::move(done),
         [&api](CExecutionHandle* raw, void* user_data, CBoxliteError* error) {
           return api.execution_stdin_flush(raw, ffi::OnDone, user_data, error);
         });
}

std::size_t Execution::TryWrite(const std::uint8_t* data, std::size_t size) {
  auto try_write = around_.runtime->library()->api().execution_stdin_try_write;
  auto handle = try_write == nullptr ? nullptr : Use();
  if (!handle) return 0;
  std::size_t taken = 0;
  std::lock_guard lock(stdin_mutex_);
  try_write(handle.get(), data, size, &taken, nullptr);
  return taken;
}

void Execution::CloseStdin(Completion<Unit> done) {
  const ffi::Api& api = around_.runtime->library()->api();
  auto handle = Use();
  if (!handle) return done(Unit{});
  Status status{Unit{}};
  {
    std::lock_guard lock(stdin_mutex_);
    ffi::ErrorSlot error(api);
    auto code = api.execution_stdin_close == nullptr ? BOXLITE_UNSUPPORTED
                                                     : api.execution_stdin_close(handle.get(), error.out());
    if (code != BOXLITE_OK) status = error.Take(code, "execution.closeStdin");
  }
  done(std::move(status));
}

void Execution::Close(Completion<Unit> done) {
  Step([&](Consequences& todo) {
    closings_.push_back(std::move(done));
    CloseLocked(Closer::kOwner, todo);
  });
}

void Execution::CloseThen(std::function<void()> released) {
  Step([&](Consequences& todo) {
    on_released_.push_back(std::move(released));
    CloseLocked(Closer::kSession, todo);
  });
}

void Execution::CloseLocked(Closer closer, Consequences& out) {
  if (std::exchange(closing_, true)) return;
  begun_ = true;
  session_closed_ = closer == Closer::kSession;
  exit_.OnClose();
  for (auto& pump : pumps_) pump.Close();
  arrivals_.Stop();
  close_due_ = Clock::now() + kCloseGrace;
  if (handle_) out.released = std::move(handle_);
}

}  // namespace boxlite::exec
