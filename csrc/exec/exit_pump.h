// Who emits the terminal events of an execution, and when: nobody else does.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ffi/error.h"

namespace boxlite::exec {

/// How an execution ended: the one answer that Exit and every wait give.
struct Terminal {
  /// 0 to 255, or −n for signal n; −1 when `error` says why the end could not be learned.
  int code = -1;
  std::optional<ffi::Error> error;
};

/// A state machine without thread or lock; its Execution's lock guards it.
///
///   Running → Draining → Exited
///
/// Draining starts with the first sign of the end. Exit is emitted when the result is settled and both
/// streams are drained; the waits follow it, in the order they were asked. `wait` without drain is answered
/// when the result is settled and both streams are captured.
///
/// The rules, each of which was a lost byte or a made-up status somewhere:
///  1. A wait's answer may overtake output: it is kept, and ends no stream. Only the exit callback does, or
///     a grace without a byte.
///  2. An exit callback with −1 or −129 knows less than the wait: the wait's answer is awaited, for the
///  grace.
///  3. Exit is emitted once; the phase is the claim. Whoever comes later is only counted.
class ExitPump {
 public:
  enum class Phase : std::uint8_t { kRunning, kDraining, kExited };

  /// `exact`: the engine's wait says so by an error when it lost the status; −1 is then a SIGHUP, as −n is
  /// any other signal. In the ABI alone the two can't be told apart.
  explicit ExitPump(bool exact = false) : exact_(exact) {}

  Phase phase() const { return phase_; }

  /// The engine answered the one wait. Ignored once exited.
  void OnWait(int code, std::optional<ffi::Error> error);
  /// The exit callback ran: both sources have ended. Returns false when it came a second time or too late.
  bool OnExitCallback(int code);
  /// Nothing came for the grace since the first sign of the end. True: the sources count as ended.
  void OnGraceOver();
  /// Somebody closes the execution. What is learned before Exit still wins over "closed".
  void OnClose();
  /// No callback will come any more: the end is what is known now, or else this error.
  void OnEngineGone(ffi::Error why);
  /// The handle was given back: what still comes, comes within the grace.
  void OnHandleFreed();
  /// The box was stopped: the reason of an end that nobody can tell.
  void OnBoxStopped(ffi::Error why);
  /// The execution was ended for a reason of ours, which wins over whatever status the kill brings.
  void OnFailure(ffi::Error why);

  /// Asks for an answer; `id` names it in what Settle returns, at once when exited.
  void AskWait(std::uint64_t id, bool drain);

  /// What must be emitted now: waits without drain, then Exit, then the other waits.
  struct Emission {
    std::vector<std::uint64_t> early_waits;
    bool exit = false;
    std::vector<std::uint64_t> waits;
  };
  Emission Settle(bool both_captured, bool both_drained);

  /// Exit was emitted and nobody has seen it, and now there is a reader after all: it is held again, and the
  /// waits that were to follow it.
  void TakeBack(std::vector<std::uint64_t> waits);

  /// The grace is running: the end was seen, but not all that ends the streams or settles the result.
  bool wants_grace() const;
  bool exit_seen() const { return exit_seen_; }
  bool wait_answered() const { return wait_answered_; }

  /// The result by precedence, as it stands.
  Terminal Result() const;

 private:
  bool settled() const;
  void SeeEnd();

  const bool exact_;
  Phase phase_ = Phase::kRunning;
  bool wait_answered_ = false;
  bool exit_seen_ = false;
  bool grace_over_ = false;
  bool closed_ = false;
  std::optional<int> wait_code_;
  std::optional<ffi::Error> wait_error_;
  std::optional<int> exit_code_;
  std::optional<ffi::Error> failure_;
  std::optional<ffi::Error> gone_;
  std::optional<ffi::Error> box_stopped_;
  std::vector<std::uint64_t> waits_;
  std::vector<std::uint64_t> early_waits_;
};

}  // namespace boxlite::exec
