// One command that runs in a box: its handle, its two streams, its end.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exec/arrival_log.h"
#include "exec/exit_pump.h"
#include "exec/stream.h"
#include "exec/stream_pump.h"
#include "exec/timer_thread.h"
#include "ffi/box.h"
#include "ffi/command.h"

namespace boxlite::exec {

class Execution;

/// Where an execution says that it has something to deliver. Any thread; must not block.
class Wakeup {
 public:
  virtual ~Wakeup() = default;
  virtual void Notify(std::shared_ptr<Execution> execution) = 0;
};

/// What an execution shares with the others of its session.
struct Surroundings {
  std::shared_ptr<ffi::Runtime> runtime;
  std::shared_ptr<TimerThread> timer;
  std::shared_ptr<Wakeup> wakeup;
  /// After the end was seen: a stretch without a byte that counts as the end of the streams.
  std::chrono::milliseconds drain_grace{500};
  StreamPump::Limits limits;
};

/// The end, as it is delivered.
struct Ending {
  Terminal terminal;
  bool timed_out = false;
  double duration_ms = 0;
};

/// What happened since the last delivery, in the order in which it is to be delivered: readable streams,
/// waits that do not drain, exit, waits, closings.
struct Batch {
  std::array<bool, 2> readable{};
  bool readable_any = false;
  std::vector<std::uint64_t> early_waits;
  bool exit = false;
  std::vector<std::uint64_t> waits;
  std::vector<ffi::Completion<ffi::Unit>> closed;
  /// Of exit and waits.
  Ending ending;
};

/// What the engine had handed over, in bytes, when its raw wait answered: all that a consumer gets who takes
/// that answer for the end.
struct BytesAtWait {
  std::uint64_t stdout_bytes = 0;
  std::uint64_t stderr_bytes = 0;
};

/// What one read gave.
struct ReadResult {
  enum class Kind { kBytes, kNothingYet, kEnd, kError };
  Kind kind = Kind::kNothingYet;
  Stream stream = Stream::kStdout;
  Slab bytes;
  ffi::Error error;
};

/// Thread-safe, except that the methods under "one reader" are for one thread at a time. Nothing blocks,
/// except Start, Read for one read of a file, and Gather for all that was spooled before it.
///
/// One mutex guards both pumps and the exit pump. It is never held across a call into the engine, a read of
/// a file, or a wake-up: what an event leads to is collected under it and done after it.
class Execution : public std::enable_shared_from_this<Execution> {
 public:
  using Clock = TimerThread::Clock;

  /// Runs the command, registers its callbacks and asks for its end. Blocks while a box boots: call executor
  /// only.
  static ffi::Result<std::shared_ptr<Execution>> Start(const Surroundings& surroundings,
                                                       std::shared_ptr<ffi::Box> box,
                                                       const ffi::Command& command);
  /// The same without blocking, where the engine can: false where it can't, and nothing has happened.
  static bool PostStart(const Surroundings& surroundings, std::shared_ptr<ffi::Box> box,
                        const ffi::Command& command, ffi::Completion<std::shared_ptr<Execution>> done);
  ~Execution();

  const std::string& id() const { return id_; }

  // ---- One reader -------------------------------------------------------------------------------

  /// Takes the role of a stream's reader, for whom Exit then waits unless it was in a batch that is taken
  /// already. InvalidState when it was taken before.
  ffi::Status Attach(Stream stream);
  /// Takes both, to read in order of arrival.
  ffi::Status AttachBoth();
  /// At most `max` bytes of an attached stream. After kNothingYet, a batch will say when there is more;
  /// after kEnd the reader has been told everything. Stopped if its session was closed before that.
  ReadResult Read(Stream stream, std::size_t max);
  ReadResult ReadAny(std::size_t max);
  /// Takes the role of a stream's reader and reads it to its end, as one value of at most `bound` bytes; what
  /// comes behind them is read all the same. Holds nothing up, and nothing is told before Exit. InvalidState
  /// as Attach; Storage if what was spooled before could not be read back.
  ffi::Status Gather(Stream stream, std::uint64_t bound);
  /// The value, once, after Exit; null when the reader has left, or did not gather.
  std::unique_ptr<Gathering> TakeGathered(Stream stream);
  /// The reader leaves: the rest of the stream is discarded and holds nothing up. Idempotent.
  void Leave(Stream stream);

  // ---- The end ----------------------------------------------------------------------------------

  /// Whoever got this execution has had the time to attach: a stream without a reader holds Exit up no
  /// longer. Until then Exit is held, or a command that is faster than its starter would end before it can be
  /// read.
  void Begin();

  /// Asks for the end and returns the number under which a batch will answer. Without `drain` the answer
  /// comes once the process is gone and its bytes are captured.
  std::uint64_t AskWait(bool drain);

  /// Takes what is to be delivered. By the thread that delivers.
  Batch TakeBatch();

  /// Whether somebody was told that there is a batch, and has not taken it.
  bool notified() const;

  /// Whether Exit is in a batch already or was.
  bool exited() const;
  /// Whether it has ended and its handle was given back.
  bool released() const;

  /// Whether it was closed before a reader had been given all of its stream.
  bool cut_off() const;

  // ---- For those who measure the engine ---------------------------------------------------------

  /// Nothing until the engine's wait has answered.
  std::optional<BytesAtWait> bytes_at_wait() const;
  /// Chunks of both streams that came after their end and were dropped.
  std::uint64_t late_chunks() const;

  // ---- Operations: each answers once ------------------------------------------------------------

  void Kill(ffi::Completion<ffi::Unit> done);
  /// 1 to 64, to the process group where the engine can. Ok when the process has ended already.
  void Signal(int signal, ffi::Completion<ffi::Unit> done);
  void Resize(int cols, int rows, ffi::Completion<ffi::Unit> done);
  /// Answers when the process's pipe has taken the bytes, where the engine can tell.
  void Write(const std::uint8_t* data, std::size_t size, ffi::Completion<ffi::Unit> done);
  /// How many of the bytes the process's pipe takes at once; the others are not kept. 0 as well where the
  /// engine can't, where earlier bytes are queued, and where Write would fail.
  std::size_t TryWrite(const std::uint8_t* data, std::size_t size);
  void CloseStdin(ffi::Completion<ffi::Unit> done);

  /// Kills if running, discards unread output, gives the handle back. `done` is part of a batch, after exit
  /// and the waits; an engine that hangs holds it up for a few seconds only. Any number of times.
  void Close(ffi::Completion<ffi::Unit> done);
  /// The same for who does not take batches: `released` is called on whichever thread gave the handle back.
  void CloseThen(std::function<void()> released);

  // ---- Events -----------------------------------------------------------------------------------

  void OnChunk(Stream stream, std::span<const std::uint8_t> chunk);
  void OnExitCallback(int code);
  void OnWaitAnswer(int code, std::optional<ffi::Error> error);
  /// No callback will come any more.
  void OnEngineGone(ffi::Error why);
  void OnTimer();

 private:
  using Handle = std::shared_ptr<CExecutionHandle>;

  Execution(const Surroundings& surroundings, std::shared_ptr<ffi::Box> box, const ffi::Command& command);

  bool end_seen() const;
  /// Takes the handle of a started command. The error of a failed registration, or itself.
  ffi::Result<std::shared_ptr<Execution>> Adopt(ffi::ExecutionHandle started, bool quietly);
  /// Nothing waits for a reader, and nobody is woken for the start alone before it has taken a while.
  void BeginQuietly();
  ffi::Status Register(CExecutionHandle* raw);
  Handle Share(ffi::ExecutionHandle handle);
  Handle Use() const;
  void OnHandleFreed();

  /// What an event leads to, once the lock is released.
  struct Consequences {
    bool notify = false;
    bool kill = false;
    bool pause_changed = false;
    bool forget = false;
    std::vector<std::function<void()>> on_released;
    std::optional<Clock::time_point> timer;
    Handle released;
  };
  template <class Event>
  void Step(Event event);
  void CollectLocked(Consequences& out);
  void CollectEmissionLocked(Consequences& out);
  void CollectGraceLocked(Consequences& out);
  void SeeEndLocked();
  void EndStreamsLocked();
  enum class Closer { kOwner, kSession };
  void CloseLocked(Closer closer, Consequences& out);
  /// What a reader finds behind the last byte, or when it has left or was made to: an error if that is not
  /// all.
  ReadResult AtEndLocked(Stream stream) const;
  /// Exit that is decided and not told yet waits for the new reader.
  void TakeExitBackLocked();
  /// A chunk could not be kept: ends its stream and the execution.
  void LoseLocked(Stream stream, ChunkFate fate, Consequences& out);
  void FailLocked(ffi::Error why, Consequences& out);
  void ApplyPause();

  ReadResult ReadFromFile(Stream stream, const Spool::FileRange& range);
  StreamPump& pump(Stream stream) { return pumps_[IndexOf(stream)]; }

  template <class Post>
  void PostOn(const char* operation, ffi::Completion<ffi::Unit> done, Post post);
  template <class Post>
  void PostUnlessExited(const char* operation, ffi::Completion<ffi::Unit> done, Post post);

  const Surroundings around_;
  const std::shared_ptr<ffi::Box> box_;
  const std::string command_;
  const std::string id_;
  const std::uint64_t table_id_;
  const Clock::time_point started_at_;
  const std::optional<Clock::time_point> deadline_;

  // Serialises the calls on a handle that the ABI wants serialised; taken alone.
  std::mutex stdin_mutex_;
  // Held across the engine's pause call, which never blocks, so that two decisions can't be applied in the
  // wrong order. Taken before mutex_.
  std::mutex pause_mutex_;
  std::array<bool, 2> paused_{};  // guarded by pause_mutex_

  std::atomic<bool> ended_{false};  // the process is gone: the engine's wait has answered

  mutable std::mutex mutex_;  // guards everything below
  Handle handle_;
  std::array<StreamPump, 2> pumps_;
  BytesAtWait arrived_;  // so far
  std::optional<BytesAtWait> bytes_at_wait_;
  std::array<bool, 2> wants_pause_{};
  ExitPump exit_;
  ArrivalLog arrivals_;
  bool reads_both_ = false;
  Batch batch_;
  bool notified_ = false;
  bool begun_ = false;
  std::vector<ffi::Completion<ffi::Unit>> closings_;
  std::vector<std::function<void()>> on_released_;
  bool closing_ = false;
  bool session_closed_ = false;
  bool handle_freed_ = false;
  std::optional<Clock::time_point> timer_due_;
  std::uint64_t next_wait_ = 1;
  Clock::time_point last_byte_at_;
  std::optional<Clock::time_point> ended_at_;
  std::optional<Clock::time_point> close_due_;
  std::optional<Clock::time_point> quiet_until_;  // nobody was told of the start yet
};

}  // namespace boxlite::exec
