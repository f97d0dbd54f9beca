#include "exec/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace boxlite::exec {

namespace {

int OpenUnlinked(const std::string& folder) {
  int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Some file systems know no O_TMPFILE.
  std::string path = folder + "/boxlite-spill-XXXXXX";
  fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd >= 0) unlink(path.c_str());
  return fd;
}

}  // namespace

std::unique_ptr<SpillFile> SpillFile::Create() {
  const char* folder = std::getenv("TMPDIR");
  int fd = folder != nullptr && *folder != '\0' ? OpenUnlinked(folder) : -1;
  if (fd < 0) fd = OpenUnlinked("/tmp");
  if (fd < 0) return nullptr;
  return std::unique_ptr<SpillFile>(new SpillFile(fd));
}

SpillFile::~SpillFile() { close(fd_); }

bool SpillFile::Append(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    ssize_t written = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(write_offset_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    write_offset_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool SpillFile::ReadAt(std::uint64_t offset, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    ssize_t got = pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

void SpillFile::Consume(std::uint64_t bytes) {
  read_offset_ += bytes;
  if (read_offset_ != write_offset_) return;
  read_offset_ = write_offset_ = 0;
  // Only gives blocks back: the offsets are right either way.
  if (ftruncate(fd_, 0) != 0) return;
}

}  // namespace boxlite::exec
