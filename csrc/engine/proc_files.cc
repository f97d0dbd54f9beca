#include "engine/proc_files.h"

#include <dirent.h>
#include <fcntl.h>

#include <cstdlib>
#include <memory>

#include "engine/unique_fd.h"

namespace boxlite::engine {

std::vector<pid_t> AllProcesses() {
  std::vector<pid_t> pids;
  std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc"), closedir);
  while (folder) {
    const dirent* entry = readdir(folder.get());
    if (entry == nullptr) break;
    if (auto pid = std::atoi(entry->d_name); pid > 0 && pid != getpid()) pids.push_back(pid);
  }
  return pids;
}

std::string ReadProcFile(pid_t pid, const char* name) {
  UniqueFd file(open(("/proc/" + std::to_string(pid) + "/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; file && (got = read(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

std::string BoxOf(pid_t pid) {
  // Every variable then follows a NUL.
  std::string environment(1, '\0');
  environment += ReadProcFile(pid, "environ");
  std::string mark(1, '\0');
  mark += kBoxVariable;
  mark += '=';
  const auto at = environment.find(mark);
  if (at == std::string::npos) return {};
  return environment.c_str() + at + mark.size();
}

}  // namespace boxlite::engine
