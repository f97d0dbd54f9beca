// One execution: plays its script on a thread of its own and answers the calls on its handle.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue.h"
#include "script.h"

namespace boxlite::fault {

/// What a command was started with, for scripts that show it.
struct Started {
  std::string args;
  std::string env;
  std::string workdir;
};

/// Every method: under the lock, which those that take it let go meanwhile.
class Execution : public std::enable_shared_from_this<Execution> {
 public:
  Execution(std::shared_ptr<Queue> queue, Script script, Started started, std::function<void()> stop_box);

  const Script& script() const { return script_; }
  const std::shared_ptr<Queue>& queue() const { return queue_; }

  /// Plays an early script to its end.
  void Begin(Lock& lock);

  /// False when it was registered before.
  bool RegisterStream(int stream, CBoxStdoutCb cb, void* user_data);
  /// A second one is accepted silently and loses the first.
  void RegisterExit(CBoxExitCb cb, void* user_data);
  /// Answers now or later. The first one, after the exit's registration, starts the script.
  void Wait(CExecutionWaitCb cb, void* user_data);

  Failure Signal(int signal);
  Failure Write(const std::string& bytes);
  void CloseStdin();

  /// Blocks until the process is dead and, in a full queue, until the exit has its place.
  void Free(Lock& lock);

  /// Its box stopped, or its guest was lost: −1 without an error; `last_words` appear in its stderr.
  void Lose(const std::string& last_words);

 private:
  struct Sink {
    CBoxStdoutCb cb = nullptr;
    void* user_data = nullptr;
    std::vector<std::string> before;  // what came before somebody registered
    std::uint64_t position = 0;       // of the pattern
  };
  struct Waiter {
    CExecutionWaitCb cb;
    void* user_data;
  };
  struct Result {
    int code;
    Failure failure;
  };

  void Play(Lock& lock);
  void PlayStep(Lock& lock, const Step& step);
  void Hold(Lock& lock, const Until& until);
  void Emit(Lock& lock, int stream, std::string bytes);
  void Deliver(Lock& lock, Queue::Event event);
  void DeliverExit(Lock& lock, int code);
  void SetResult(Result result);
  void Answer(const Waiter& waiter, const Result& result);
  void Die(int signal);
  void PostExit(int code);
  std::string Pattern(int stream, std::size_t size);
  std::string Shown(const std::string& what) const;
  bool stopped() const { return aborted_ || queue_->closed(); }
  Sink& sink(int stream) { return sinks_[stream == BOXLITE_STREAM_STDERR ? 1 : 0]; }

  const std::shared_ptr<Queue> queue_;
  const Script script_;
  const Started started_;
  const std::function<void()> stop_box_;
  std::array<Sink, 2> sinks_;
  CBoxExitCb exit_cb_ = nullptr;
  void* exit_data_ = nullptr;
  std::vector<int> exits_before_;  // what came before somebody registered
  std::vector<Waiter> waiting_;
  std::vector<Waiter> answered_;
  std::optional<Result> result_;
  std::string input_;
  std::size_t shown_input_ = 0;
  bool begun_ = false;
  bool aborted_ = false;
  bool on_thread_ = false;
  bool exit_sent_ = false;
  bool wrote_ = false;
  bool stdin_closed_ = false;
  bool signalled_ = false;
  bool freed_ = false;
};

}  // namespace boxlite::fault
