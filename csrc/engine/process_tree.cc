#include "engine/process_tree.h"

#include <unistd.h>

#include <map>
#include <set>
#include <sstream>

#include "engine/proc_files.h"

namespace boxlite::engine {

namespace {

struct Stat {
  pid_t parent = 0;
  std::uint64_t ticks = 0;
  std::int64_t pages = 0;
};

/// The fields of /proc/<pid>/stat that follow the name, which may hold blanks and brackets.
bool ReadStat(pid_t pid, Stat& stat) {
  const std::string text = ReadProcFile(pid, "stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state;
  std::string skipped;
  std::uint64_t times[4]{};  // user, system, and both of waited-for children
  fields >> state >> stat.parent;
  for (int field = 5; field < 14; ++field) fields >> skipped;
  for (auto& time : times) fields >> time;
  for (int field = 18; field < 24; ++field) fields >> skipped;
  fields >> stat.pages;
  stat.ticks = times[0] + times[1] + times[2] + times[3];
  return !fields.fail();
}

using Stats = std::map<pid_t, Stat>;

/// Adds whose parents are members, until nobody is added.
void AddDescendants(const Stats& stats, std::set<pid_t>& members) {
  for (std::size_t before = 0; before != members.size();) {
    before = members.size();
    for (const auto& [pid, stat] : stats) {
      if (members.contains(stat.parent)) members.insert(pid);
    }
  }
}

}  // namespace

TreeUsage MeasureTree(const std::string& box_id, const std::vector<pid_t>& leaders) {
  Stats stats;
  std::set<pid_t> members(leaders.begin(), leaders.end());
  for (pid_t pid : AllProcesses()) {
    Stat stat;
    if (!ReadStat(pid, stat)) continue;
    stats.emplace(pid, stat);
    if (BoxOf(pid) == box_id) members.insert(pid);
  }
  AddDescendants(stats, members);
  TreeUsage usage;
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  for (pid_t pid : members) {
    const auto found = stats.find(pid);
    if (found == stats.end()) continue;
    usage.cpu_seconds += static_cast<double>(found->second.ticks) / ticks_per_second;
    usage.memory_bytes += found->second.pages * sysconf(_SC_PAGESIZE);
  }
  return usage;
}

}  // namespace boxlite::engine
