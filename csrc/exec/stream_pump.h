// One stream of an execution: everything that came is given to its reader, in order, or counted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "exec/gathering.h"
#include "exec/spool.h"
#include "ffi/error.h"

namespace boxlite::exec {

/// A state machine without thread or lock; its Execution's lock guards it.
///
///   source: open → ended          reader: none → attached → left
///                                               attached → gathering → left
///
/// captured: the source has ended; every byte it gave is in the spool, or gathered.
/// drained:  captured and (nobody reads, the reader was told the end, or all is gathered), or the reader
/// left.
class StreamPump {
 public:
  struct Limits {
    /// Bytes kept in memory before the source is paused or the spool spills.
    std::size_t memory = 1024 * 1024;
    /// Unread bytes, in memory and on disk, past which the execution fails.
    std::uint64_t total = 1024ULL * 1024 * 1024;
  };

  explicit StreamPump(Limits limits) : limits_(limits), spool_(limits.memory) {}

  using Fate = ChunkFate;
  /// A chunk of the source. Discards it when the reader has left, and when it comes after the end (then it
  /// is counted as late).
  Fate Append(std::span<const std::uint8_t> chunk);

  /// The source will give nothing more. Idempotent.
  void End() { ended_ = true; }
  /// The same, but what it gave was not all of it, because of `why`. Without effect when it has ended
  /// already.
  void CutShort(const ffi::Error& why) {
    if (!std::exchange(ended_, true)) missing_ = std::make_unique<ffi::Error>(why);
  }

  /// Somebody reads from now on. False when somebody does already or did.
  bool Attach();

  /// The reader takes the stream as one value from here on, in which everything before is already. Only when
  /// the spool is empty.
  void Gather(std::unique_ptr<Gathering> gathering);
  /// What was gathered, once; null if nothing was.
  std::unique_ptr<Gathering> TakeGathered() { return std::move(gathering_); }

  /// The reader is gone: what is there and what comes is discarded. Idempotent.
  void Leave();

  /// The execution is closed: as Leave, but a value that is complete stays to be taken, and a reader that has
  /// not been given all that came is cut off; if it waits, it is woken.
  void Close();

  enum class Next { kBytes, kFile, kNothingYet, kEnd };
  /// What a read finds. kNothingYet is remembered: `TakeWake` is then true once, when there is more to find.
  /// kEnd counts as told. Only for an attached reader.
  Next Peek();

  Spool& spool() { return spool_; }

  /// Whether a waiting reader must be woken; asked after every event.
  bool TakeWake();

  /// Whether the source should not be read now: a reader is there, and slower than the source.
  /// Starts at three quarters of the memory bound, because a chunk on its way still comes, and ends at one.
  bool WantsPause();

  bool ended() const { return ended_; }
  bool captured() const { return ended_; }
  bool drained() const {
    return reader_ == Reader::kLeft || (ended_ && (reader_ != Reader::kAttached || told_));
  }
  bool left() const { return reader_ == Reader::kLeft; }
  bool cut_off() const { return cut_off_; }
  /// Why something is missing behind the last byte; null if nothing is. Nobody may take a part for all.
  const ffi::Error* missing() const { return missing_.get(); }
  bool attached() const { return reader_ == Reader::kAttached || reader_ == Reader::kGathering; }
  std::uint64_t late_chunks() const { return late_chunks_; }

 private:
  enum class Reader { kNone, kAttached, kGathering, kLeft };

  const Limits limits_;
  Spool spool_;
  std::unique_ptr<Gathering> gathering_;
  std::unique_ptr<const ffi::Error> missing_;
  Reader reader_ = Reader::kNone;
  bool ended_ = false;
  bool told_ = false;
  bool waiting_ = false;
  bool cut_off_ = false;
  bool pause_ = false;
  std::uint64_t late_chunks_ = 0;
};

}  // namespace boxlite::exec
