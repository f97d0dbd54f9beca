#include "engine/stragglers.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "engine/unique_fd.h"

namespace boxlite::engine {

namespace {

constexpr int kRounds = 50;
constexpr std::chrono::milliseconds kPause{5};

std::string ReadEnvironment(pid_t pid) {
  UniqueFd file(open(("/proc/" + std::to_string(pid) + "/environ").c_str(), O_RDONLY | O_CLOEXEC));
  std::string text(1, '\0');  // every variable then follows a NUL
  char buffer[4096];
  for (ssize_t got = 0; file && (got = read(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

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

/// Looks again once it holds the process: the id may belong to another one by then.
bool KillIfMarked(pid_t pid, const std::string& mark) {
  if (ReadEnvironment(pid).find(mark) == std::string::npos) return false;
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd || ReadEnvironment(pid).find(mark) == std::string::npos) return false;
  return syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0) == 0;
}

}  // namespace

void KillStragglers(const std::string& box_id) {
  std::string mark(1, '\0');
  mark += std::string(kBoxVariable) + "=" + box_id + '\0';
  for (int round = 0; round < kRounds; ++round) {
    bool found = false;
    for (pid_t pid : AllProcesses()) found |= KillIfMarked(pid, mark);
    if (!found) return;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace boxlite::engine
