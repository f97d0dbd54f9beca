#include "engine/stdio_slots.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace boxlite::engine {

namespace {

/// Whether the kernel unshares a part of a table, and does it right: before 6.11 most marked descriptors of
/// the part as in use that were not (CVE-2024-45025), and a process ran out of them early.
bool CanUnsharePartOfTheTable() {
  utsname system{};
  int major = 0;
  int minor = 0;
  if (uname(&system) != 0 || std::sscanf(system.release, "%d.%d", &major, &minor) != 2) return false;
  // Closes what is never open: some sandboxes refuse the call.
  return (major > 6 || (major == 6 && minor >= 11)) && syscall(SYS_close_range, ~0U, ~0U, 0) == 0;
}

/// Valgrind, which brings a library of its own into each process, knows no clone that shares descriptors
/// only.
bool IsUnderValgrind() {
  const char* preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::strstr(preloaded, "vgpreload") != nullptr;
}

}  // namespace

StdioSlots::StdioSlots() : null_(open("/dev/null", O_RDWR | O_CLOEXEC)) {
  usable_ = null_ && CanUnsharePartOfTheTable() && !IsUnderValgrind();
  for (std::size_t i = 0; i < fds_.size(); ++i) {
    slots_[i] = UniqueFd(fcntl(null_.get(), F_DUPFD_CLOEXEC, 3));
    fds_[i] = slots_[i].get();
    usable_ = usable_ && slots_[i];
  }
  highest_ = *std::max_element(fds_.begin(), fds_.end());
}

bool StdioSlots::Fill(const int (&stdio)[3]) {
  bool filled = usable_;
  for (std::size_t i = 0; filled && i < fds_.size(); ++i) filled = dup3(stdio[i], fds_[i], O_CLOEXEC) >= 0;
  if (!filled) Empty();
  return filled;
}

void StdioSlots::Empty() {
  for (std::size_t i = 0; usable_ && i < fds_.size(); ++i) dup3(null_.get(), fds_[i], O_CLOEXEC);
}

}  // namespace boxlite::engine
