// One command: its leader process, its streams, and who wants to know how it ends.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/input.h"
#include "engine/output.h"
#include "engine/spawn.h"
#include "engine/usage.h"

namespace boxlite::engine {

/// Everything is under the loop's lock unless it says otherwise. The lock also makes reaping and signalling
/// exclude each other, so that a signal never reaches a recycled id.
class Process final : public Source, public Alarm, public std::enable_shared_from_this<Process> {
 public:
  /// The leader's status, or −1 and why it could not be learned.
  using WaitAnswer = std::function<void(int code, const Failure& failure)>;

  /// The descriptors are this side's ends; an empty `error` is a stream that has ended.
  struct Ends {
    UniqueFd input;
    UniqueFd output;
    UniqueFd error;
    UniqueFd terminal;  // for resizing; empty without one
  };

  /// `usage` is told what the process uses.
  static std::shared_ptr<Process> Create(std::shared_ptr<EventLoop> loop, Spawned spawned, Ends ends,
                                         std::optional<double> timeout_seconds, std::shared_ptr<Usage> usage);

  Output& output(int stream) { return stream == BOXLITE_STREAM_STDOUT ? *outputs_[0] : *outputs_[1]; }
  Input& input() { return *input_; }
  int terminal() const { return terminal_.get(); }
  pid_t pid() const { return pid_; }

  bool running() const { return !code_; }
  bool OnExit(CBoxExitCb callback, void* user_data);
  /// Posts the answer, now or when the leader ends.
  void Wait(WaitAnswer answer);

  /// To the whole group. False when the leader has ended already.
  bool Signal(int signal);
  void SetPaused(int stream, bool paused);

  /// Takes the leader's status if it has ended; does not wait. True when it has.
  bool Reap();

  /// The consumer lets go: kills what runs and takes its status without a drain. Without the lock; blocks
  /// until the leader is dead.
  void Release();

  /// Waits until the leader has ended. No lock; blocks.
  void Join();
  /// The same until `give_up` says so, asked a few times a second. True when the leader has ended.
  bool JoinUntil(const std::function<bool()>& give_up);

  int OnReady() override;
  void OnAlarm() override;

 private:
  Process(std::shared_ptr<EventLoop> loop, Spawned spawned, Ends ends, std::shared_ptr<Usage> usage);

  void OnOutput(std::size_t bytes, bool ended);
  void OnLeaderEnd(int code, Failure lost);
  void PostAnswer(WaitAnswer answer);
  void FinishIfDone();
  void PostExit(int code);

  const std::shared_ptr<EventLoop> loop_;
  const std::shared_ptr<Usage> usage_;
  const pid_t pid_;
  UniqueFd pidfd_;
  const UniqueFd terminal_;
  std::shared_ptr<Output> outputs_[2];
  std::shared_ptr<Input> input_;
  std::uint64_t watch_ = 0;
  std::optional<int> code_;
  Failure lost_;  // why code_ is not the leader's status
  std::vector<WaitAnswer> waits_;
  CBoxExitCb on_exit_ = nullptr;
  void* on_exit_data_ = nullptr;
  bool exit_posted_ = false;
  bool released_ = false;
  std::optional<Clock::time_point> terminate_at_;
  std::optional<Clock::time_point> kill_at_;
  // After the leader's end: when streams that strangers hold are ended.
  std::optional<Clock::time_point> grace_until_;
  Clock::time_point grace_limit_;
};

}  // namespace boxlite::engine
