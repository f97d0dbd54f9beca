#include "engine/stdio_slots.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace boxlite::engine {

namespace {

/// Whether the kernel can close a range; one that can't, can't unshare one either. Closes what is never open.
bool CanCloseRanges() { return syscall(SYS_close_range, ~0U, ~0U, 0) == 0; }

/// Valgrind, which brings a library of its own into each process, knows no clone that shares descriptors
/// only.
bool IsUnderValgrind() {
  const char* preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::strstr(preloaded, "vgpreload") != nullptr;
}

}  // namespace

StdioSlots::StdioSlots() : null_(open("/dev/null", O_RDWR | O_CLOEXEC)) {
  usable_ = null_ && CanCloseRanges() && !IsUnderValgrind();
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
