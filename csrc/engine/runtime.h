// A runtime: its loop, its boxes, its home.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/box.h"
#include "engine/box_keeper.h"
#include "engine/command.h"
#include "engine/copy.h"
#include "engine/event_loop.h"
#include "engine/home.h"
#include "engine/process_tree.h"
#include "engine/spawner.h"
#include "engine/workers.h"

namespace boxlite::engine {

using Done = std::function<void(const Failure&)>;

/// Thread-safe. "Posts" means that the answer is posted to the loop.
class Runtime : public std::enable_shared_from_this<Runtime> {
 public:
  /// Locks the home and finds its boxes again; an empty one is private and has no folder. Null, with the
  /// reason, when it can't. Blocks.
  static std::shared_ptr<Runtime> Open(const std::string& home, Failure& failure);

  const std::shared_ptr<EventLoop>& loop() const { return loop_; }

  // ---- Under the loop's lock --------------------------------------------------------------------

  /// `then` runs under the lock when the box is there to stay: now, or after it was written.
  using CreateThen = std::function<void(const std::shared_ptr<Box>&, const Failure&)>;
  void Create(Options options, CreateThen then);
  /// By id, name or unambiguous prefix of an id.
  std::shared_ptr<Box> Find(const std::string& id_or_name, Failure& failure);
  std::shared_ptr<Box> FindByName(const std::string& name);
  /// Makes it run, if `epoch` is still its own. It may not be written yet; see AfterSaved.
  Failure Boot(const std::shared_ptr<Box>& box, std::uint64_t epoch, const char* action);
  /// `then` runs under the lock when the last change of the box is written, or has failed to be.
  static void AfterSaved(const Box& box, Saving::Then then);
  /// Posts.
  void Stop(const std::shared_ptr<Box>& box, Done done);
  void Remove(const std::string& id_or_name, bool force, Done done);
  /// Boots the box and copies on a thread of its own. Posts; Stopped when the box stops meanwhile.
  /// `plan` has paths as the caller gave them.
  void CopyFiles(const std::shared_ptr<Box>& box, std::uint64_t epoch, bool into_box, CopyPlan plan,
                 Done done);
  using MeasureAnswer = std::function<void(const Usage&, const TreeUsage&, double cpu_percent)>;
  /// What a box has used; never boots it. Posts, unless a failure is returned.
  Failure Measure(const std::shared_ptr<Box>& box, std::uint64_t epoch, MeasureAnswer answer);
  /// `grace` for each box; nothing: no limit.
  void ShutDown(std::optional<std::chrono::seconds> grace, Done done);
  void ForgetHandle(const std::shared_ptr<Box>& box);
  Failure CheckOpen(const char* action) const;

  const std::map<std::string, std::shared_ptr<Box>>& boxes() const { return boxes_; }
  bool use_host_for_images = false;

  struct Counters {
    int created = 0;
    int failed = 0;
    int commands = 0;
    int exec_errors = 0;
  };
  Counters counters;

  // ---- Without it -------------------------------------------------------------------------------

  /// Starts a command. Blocks until its program was loaded.
  std::shared_ptr<Process> Exec(const std::shared_ptr<Box>& box, std::uint64_t epoch, const Command& command,
                                Failure& failure);

  /// Kills what runs in boxes that are not detached and ends the loop. Blocks for a short while. Idempotent.
  void Free();

 private:
  Runtime(std::shared_ptr<EventLoop> loop, std::optional<Home> home, std::unique_ptr<BoxKeeper> keeper)
      : loop_(std::move(loop)), home_(std::move(home)), keeper_(std::move(keeper)) {}

  void Recover();
  Failure WaitSaved(const std::shared_ptr<Box>& box);

  /// Ends all processes of a box on a thread of its own; `after` runs under the lock then.
  void EndBox(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace,
              std::function<void()> after);
  void EndProcesses(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace);
  void Erase(const std::shared_ptr<Box>& box);
  void RemoveDamaged(const std::string& id, Done done);
  void PostAfterSaved(const std::shared_ptr<Box>& box, Done done);
  void PostDone(Done done, Failure failure);
  void FinishStop(const std::shared_ptr<Box>& box);
  void AnswerStops(const std::shared_ptr<Box>& box);
  void StopWithin(const std::shared_ptr<Box>& box, std::optional<Clock::duration> grace, Done done);

  const std::shared_ptr<EventLoop> loop_;
  std::optional<Home> home_;
  const std::unique_ptr<BoxKeeper> keeper_;  // null without a home
  Spawner spawner_;
  Workers file_workers_;
  Workers measure_workers_;  // apart, because copies take long
  std::map<std::string, std::shared_ptr<Box>> boxes_;
  std::map<std::string, std::string> damaged_;         // why boxes can't be read, by id
  std::map<std::string, std::vector<Done>> stopping_;  // who waits for the stop of a box, by id
  bool shut_down_ = false;
  bool freed_ = false;
  int workers_ = 0;
  std::condition_variable worker_left_;
};

/// A callback with an error only.
template <class Callback>
Done AnswerTo(Callback callback, void* user_data) {
  return [callback, user_data](const Failure& failure) {
    CallbackError error(failure);
    callback(error.get(), user_data);
  };
}

}  // namespace boxlite::engine

// The handles of the ABI.
struct RuntimeHandle {
  std::shared_ptr<boxlite::engine::Runtime> runtime;
};

struct BoxHandle {
  std::shared_ptr<boxlite::engine::Runtime> runtime;
  std::shared_ptr<boxlite::engine::Box> box;
  std::uint64_t epoch;
};

struct ExecutionHandle {
  std::shared_ptr<boxlite::engine::Runtime> runtime;
  std::shared_ptr<boxlite::engine::Process> process;
};
