// The thread that writes records, so that nobody else waits for the disk.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/record_files.h"

namespace boxlite::engine {

/// In the order in which it was asked. Thread-safe.
class RecordWriter {
 public:
  using Then = std::function<void(const Failure&)>;

  explicit RecordWriter(RecordFiles files) : files_(std::move(files)) {}
  ~RecordWriter() { Finish(); }

  /// Never block. `then` runs on the writer's thread when the change is lasting, or has failed.
  void Write(std::string id, std::string text, Then then);
  void Remove(std::string id, Then then);

  /// Waits until everything that was asked is done, and ends the thread. Blocks. Idempotent.
  void Finish();

 private:
  struct Change {
    std::string id;
    std::optional<std::string> text;  // nothing: remove
    Then then;
  };

  void Add(Change change);
  void Run();
  void Make(std::vector<Change> changes);

  RecordFiles files_;  // the thread's
  std::mutex mutex_;   // guards everything below
  std::condition_variable changed_;
  std::vector<Change> changes_;
  std::thread thread_;
  bool finished_ = false;
};

}  // namespace boxlite::engine
