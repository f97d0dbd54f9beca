// What /proc tells of the processes of this machine.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace boxlite::engine {

/// The variable that every process of a box carries, and with it what it started.
inline constexpr char kBoxVariable[] = "BOXLITE_BOX";

/// All that are there, but for this one.
std::vector<pid_t> AllProcesses();

/// A file of one process, as "environ"; empty when it is gone or not ours to read.
std::string ReadProcFile(pid_t pid, const char* name);

/// The id of the box that a process was started in, by its environment; empty for none.
std::string BoxOf(pid_t pid);

}  // namespace boxlite::engine
