// The folder of a runtime, held by one process at a time.
#pragma once

#include <optional>
#include <string>

#include "engine/failure.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

/// Holds the lock of a home for as long as it lives.
class Home {
 public:
  /// Creates the folder if it is missing. Fails with Internal, naming the process, when another one has it.
  static std::optional<Home> Lock(const std::string& folder, Failure& failure);

 private:
  explicit Home(UniqueFd lock) : lock_(std::move(lock)) {}
  UniqueFd lock_;
};

/// BOXLITE_HOME, else ~/.boxlite.
std::string DefaultHome();

}  // namespace boxlite::engine
