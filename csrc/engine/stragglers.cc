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
bool SignalIfOf(pid_t pid, const std::set<std::string>& box_ids, int signal) {
  if (!box_ids.contains(BoxOf(pid))) return false;
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd || !box_ids.contains(BoxOf(pid))) return false;
  return syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) == 0;
}

/// Whether any was found. Signal 0 only looks.
bool SignalAll(const std::set<std::string>& box_ids, int signal) {
  bool found = false;
  for (pid_t pid : AllProcesses()) found |= SignalIfOf(pid, box_ids, signal);
  return found;
}

}  // namespace

void KillStragglers(const std::set<std::string>& box_ids) {
  if (box_ids.empty()) return;
  for (int round = 0; round < kRounds; ++round) {
    if (!SignalAll(box_ids, SIGKILL)) return;
    std::this_thread::sleep_for(kPause);
  }
}

void TerminateStragglers(const std::set<std::string>& box_ids, const std::function<bool()>& give_up) {
  for (bool any = SignalAll(box_ids, SIGTERM); any && !give_up(); any = SignalAll(box_ids, 0)) {
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace boxlite::engine
