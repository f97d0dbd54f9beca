// The records of a home: one file for each box.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/box_record.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

/// A record is written next to its place and renamed into it, so that at any moment the old one or the new
/// one is there, and no other box's file is touched. Every function blocks on the disk; one thread at a time.
class RecordFiles {
 public:
  /// Told after each step of a write, by its name; for tests.
  using StepHook = std::function<void(const char* step)>;

  /// The folder is made if it is missing. Fails with Storage.
  static std::optional<RecordFiles> Open(const std::string& folder, Failure& failure, StepHook hook = {});

  struct Loaded {
    std::vector<BoxRecord> records;
    /// Why boxes can't be read, by id.
    std::map<std::string, std::string> damaged;
  };
  /// Removes what an interrupted write has left and sets aside what can't be read, as "<id>.damaged".
  Loaded Load();

  /// Lasting only after Sync.
  Failure Write(const std::string& id, const std::string& text);
  /// Also one that was set aside. One that is not there is fine.
  Failure Remove(const std::string& id);
  /// What was written and removed stays so, even if the machine loses its power.
  Failure Sync();

 private:
  RecordFiles(std::string path, UniqueFd folder, StepHook hook)
      : path_(std::move(path)), folder_(std::move(folder)), hook_(std::move(hook)) {}

  void LoadOne(const std::string& id, Loaded& loaded);
  void SetAside(const std::string& id, const std::string& why, Loaded& loaded);
  bool WriteTemporary(const std::string& name, const std::string& text) const;
  void Step(const char* name) const;
  Failure Fail(const char* what, const std::string& name) const;

  std::string path_;
  UniqueFd folder_;
  StepHook hook_;
};

}  // namespace boxlite::engine
