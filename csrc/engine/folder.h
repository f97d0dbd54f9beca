// What is in a folder, by descriptor.
#pragma once

#include <string>
#include <vector>

#include "engine/unique_fd.h"

namespace boxlite::engine {

/// The names in a folder, without "." and "..". False, with errno set, when it can't be read.
bool ListFolder(int folder, std::vector<std::string>& names);

/// The path of a name in a folder; an empty folder is where relative paths start.
std::string ChildPath(const std::string& folder, const std::string& name);

/// Opens a folder for reading; a link is none.
UniqueFd OpenFolder(int parent, const std::string& name);

/// Whether a name is that of a fifo, a socket or a device.
bool IsSpecial(int parent, const std::string& name);

/// Removes what is called `name` and everything in it; follows no link. Does what it can.
void RemoveTree(int parent, const std::string& name);

/// A name for a temporary neighbour of other files: hidden, and not there by chance.
std::string NewTemporaryName();

}  // namespace boxlite::engine
