#include "engine/stragglers.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "engine/unique_fd.h"

namespace boxlite::engine {

namespace {

constexpr int kRounds = 50;
constexpr std::chrono::milliseconds kPause{5};

/// Looks again once it holds the process: the id may belong to another one by then.
bool KillIfOf(pid_t pid, const std::set<std::string>& box_ids) {
  if (!box_ids.contains(BoxOf(pid))) return false;
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd || !box_ids.contains(BoxOf(pid))) return false;
  return syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0) == 0;
}

}  // namespace

void KillStragglers(const std::set<std::string>& box_ids) {
  if (box_ids.empty()) return;
  for (int round = 0; round < kRounds; ++round) {
    bool found = false;
    for (pid_t pid : AllProcesses()) found |= KillIfOf(pid, box_ids);
    if (!found) return;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace boxlite::engine
