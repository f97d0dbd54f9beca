#include "engine/siphon.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace boxlite::engine {

namespace {

// A page a slot: twice what one read takes, for pages that are not full.
constexpr int kPipeBytes = 512 * 1024;

}  // namespace

bool Siphon::Open() {
  if (refused_ || out_) return !refused_;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  out_.Reset(ends[0]);
  in_.Reset(ends[1]);
  // Where the quota is used up it moves less at a time.
  fcntl(out_.get(), F_SETPIPE_SZ, kPipeBytes);
  return true;
}

void Siphon::GiveUp() {
  refused_ = true;
  in_.Reset();
  out_.Reset();
}

ssize_t Siphon::Read(int pipe, std::span<std::uint8_t> memory, bool& broken) {
  if (!Open()) return read(pipe, memory.data(), memory.size());
  const ssize_t moved = splice(pipe, nullptr, in_.get(), nullptr, memory.size(), SPLICE_F_NONBLOCK);
  if (moved > 0) return Empty(memory.first(static_cast<std::size_t>(moved)), broken);
  if (moved == 0 || errno == EAGAIN || errno == EINTR) return moved;
  GiveUp();
  return read(pipe, memory.data(), memory.size());
}

ssize_t Siphon::Empty(std::span<std::uint8_t> memory, bool& broken) {
  std::size_t got = 0;
  while (got < memory.size()) {
    const ssize_t count = read(out_.get(), memory.data() + got, memory.size() - got);
    if (count > 0) {
      got += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      const int error = errno;
      broken = true;
      GiveUp();
      errno = error;
      return got > 0 ? static_cast<ssize_t>(got) : -1;
    }
  }
  return static_cast<ssize_t>(got);
}

}  // namespace boxlite::engine
