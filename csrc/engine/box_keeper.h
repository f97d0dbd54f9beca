// Keeps the boxes of a runtime in its home.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/box.h"
#include "engine/event_loop.h"
#include "engine/record_writer.h"

namespace boxlite::engine {

/// A runtime without a folder has none: its boxes end with it.
class BoxKeeper {
 public:
  /// Fails with Storage.
  static std::unique_ptr<BoxKeeper> Open(const std::string& home, std::shared_ptr<EventLoop> loop,
                                         Failure& failure);

  struct Recovered {
    std::vector<std::shared_ptr<Box>> boxes;
    /// Why boxes can't be read, by id.
    std::map<std::string, std::string> damaged;
  };
  /// The boxes as an earlier runtime left them, however it ended. Boxes that are not detached are stopped,
  /// and what still runs in them is killed; those that were to be removed when they stop are. Blocks; no
  /// lock.
  Recovered Recover();

  // ---- Under the loop's lock; never block --------------------------------------------------------

  /// Writes the box as it is now; `box.saving` tells when that is done. `on_failure` then runs under the
  /// lock.
  void Save(const std::shared_ptr<Box>& box, std::function<void()> on_failure = {});
  void Remove(const std::shared_ptr<Box>& box);
  /// `then` runs under the lock.
  void RemoveDamaged(const std::string& id, Saving::Then then);

  // ---- Without it -------------------------------------------------------------------------------

  /// Waits until everything is written. Blocks. Idempotent.
  void Finish() { writer_.Finish(); }

 private:
  BoxKeeper(RecordFiles files, std::shared_ptr<EventLoop> loop);

  RecordWriter::Then Ending(std::shared_ptr<Saving> saving, std::function<void()> on_failure);

  RecordFiles::Loaded loaded_;  // until Recover
  const std::shared_ptr<EventLoop> loop_;
  const std::string machine_boot_;
  RecordWriter writer_;
};

}  // namespace boxlite::engine
