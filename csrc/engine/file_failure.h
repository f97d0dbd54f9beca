// What errno means to whoever asked for files to be copied.
#pragma once

#include <string>

#include "engine/failure.h"

namespace boxlite::engine {

/// A path as a message shows it.
std::string Quoted(const std::string& path);

/// The failure of a file operation: a fault of the caller's is never a fault of the storage.
/// `what` was tried, as "read" or "write"; `error` is an errno.
Failure FileFailure(const char* what, const std::string& path, int error);

/// What cannot be replaced: a device that became a file would be missed by everybody.
Failure SpecialInTheWay(const std::string& path);

/// There is no such path.
Failure NoSuchPath(const std::string& path);

}  // namespace boxlite::engine
