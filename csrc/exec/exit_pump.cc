#include "exec/exit_pump.h"

#include <csignal>
#include <utility>

namespace boxlite::exec {

namespace {

constexpr int kUnknown = -1;
constexpr int kClosedByFree = -129;

/// Whether a code tells how the process ended; −1 and −129 tell only that it did.
bool TellsTheEnd(int code) { return code != kUnknown && code != kClosedByFree; }

}  // namespace

void ExitPump::SeeEnd() {
  if (phase_ == Phase::kRunning) phase_ = Phase::kDraining;
}

void ExitPump::OnWait(int code, std::optional<ffi::Error> error) {
  if (phase_ == Phase::kExited || wait_answered_) return;
  wait_answered_ = true;
  if (error) {
    wait_error_ = std::move(error);
  } else if (TellsTheEnd(code) || (exact_ && code == -SIGHUP)) {
    wait_code_ = code;
  }
  SeeEnd();
}

bool ExitPump::OnExitCallback(int code) {
  if (phase_ == Phase::kExited || exit_seen_) return false;
  exit_seen_ = true;
  if (TellsTheEnd(code)) exit_code_ = code;
  SeeEnd();
  return true;
}

void ExitPump::OnGraceOver() {
  if (phase_ == Phase::kDraining) grace_over_ = true;
}

void ExitPump::OnEngineGone(ffi::Error why) {
  if (phase_ == Phase::kExited) return;
  gone_ = std::move(why);
  SeeEnd();
}

void ExitPump::OnClose() {
  if (phase_ != Phase::kExited) closed_ = true;
}

void ExitPump::OnHandleFreed() { SeeEnd(); }

void ExitPump::OnBoxStopped(ffi::Error why) {
  if (phase_ != Phase::kExited && !box_stopped_) box_stopped_ = std::move(why);
}

void ExitPump::OnFailure(ffi::Error why) {
  if (phase_ != Phase::kExited && !failure_) failure_ = std::move(why);
}

void ExitPump::AskWait(std::uint64_t id, bool drain) { (drain ? waits_ : early_waits_).push_back(id); }

bool ExitPump::settled() const {
  if (phase_ == Phase::kRunning) return false;
  return wait_answered_ || exit_code_ || grace_over_ || gone_;
}

bool ExitPump::wants_grace() const {
  if (phase_ != Phase::kDraining || grace_over_ || gone_) return false;
  return !exit_seen_ || !settled();
}

ExitPump::Emission ExitPump::Settle(bool both_captured, bool both_drained) {
  Emission emission;
  if (!settled()) return emission;
  const bool exits = phase_ != Phase::kExited && both_drained;
  if (exits) phase_ = Phase::kExited;
  // A reader that attached after Exit holds nothing up any more.
  const bool exited = phase_ == Phase::kExited;
  emission.exit = exits;
  if (exited || both_captured) emission.early_waits = std::exchange(early_waits_, {});
  if (exited) emission.waits = std::exchange(waits_, {});
  return emission;
}

void ExitPump::TakeBack(std::vector<std::uint64_t> waits) {
  phase_ = Phase::kDraining;
  waits_ = std::move(waits);
}

Terminal ExitPump::Result() const {
  if (failure_) return {kUnknown, failure_};
  if (wait_code_) return {*wait_code_, std::nullopt};
  if (wait_error_) return {kUnknown, wait_error_};
  if (exit_code_) return {*exit_code_, std::nullopt};
  if (closed_) {
    return {kUnknown, ffi::MakeError(ffi::ErrorCode::kInvalidState,
                                     "the execution was closed before its end was known", "execution.wait")};
  }
  if (gone_) return {kUnknown, gone_};
  if (box_stopped_) return {kUnknown, box_stopped_};
  return {kUnknown, ffi::MakeError(ffi::ErrorCode::kInternal,
                                   "the engine lost the exit status of the process", "execution.wait")};
}

}  // namespace boxlite::exec
