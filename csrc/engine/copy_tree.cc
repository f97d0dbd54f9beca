#include "engine/copy_tree.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "engine/file_failure.h"
#include "engine/folder.h"

namespace boxlite::engine {

namespace {

// Between two looks whether the copy was given up.
constexpr std::size_t kChunk = 8 * 1024 * 1024;
constexpr std::size_t kBuffer = 256 * 1024;
constexpr mode_t kKeptBits = 01777;

bool Same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

bool WriteAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool CannotCopyInKernel(int error) {
  return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

Failure Special(const std::string& path) {
  return {BOXLITE_UNSUPPORTED,
          Quoted(path) +
              " is a fifo, a socket or a device: only files, directories and symbolic links are copied"};
}

}  // namespace

std::string TreeCopy::Shown(const std::string& path) const {
  if (path.empty()) return shown_;
  return shown_.ends_with('/') ? shown_ + path : shown_ + "/" + path;
}

Failure TreeCopy::Fail(const char* what, const std::string& path, int error) const {
  return FileFailure(what, Shown(path), error);
}

Failure TreeCopy::CheckCancelled() const {
  if (!rules_.cancelled || !rules_.cancelled()) return {};
  return {BOXLITE_STOPPED, "the copy was given up: the box was stopped or the runtime closed"};
}

void TreeCopy::Shun(int folder) {
  struct stat status {};
  if (fstat(folder, &status) == 0) shunned_ = status;
}

UniqueFd TreeCopy::Open(const Entry& entry, int flags) const {
  if (!entry.through_link) {
    return UniqueFd(openat(entry.folder, entry.name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
  }
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return UniqueFd(static_cast<int>(syscall(SYS_openat2, root_, entry.path.c_str(), &how, sizeof how)));
}

bool TreeCopy::IsAncestor(const struct stat& status) const {
  return std::any_of(ancestors_.begin(), ancestors_.end(),
                     [&](const auto& other) { return Same(other, status); });
}

/// Whether a link leads to something else of the tree; `entry` and `status` are that then.
bool TreeCopy::FollowsInside(Entry& entry, struct stat& status) const {
  entry.through_link = true;
  struct stat target {};
  UniqueFd fd = Open(entry, O_PATH);
  if (fd && fstat(fd.get(), &target) == 0 && !IsAncestor(target)) {
    status = target;
    return true;
  }
  entry.through_link = false;
  return false;
}

Failure TreeCopy::CopyOne(const std::string& name, int to, const std::string& as) {
  return Copy({root_, name, name}, to, as);
}

Failure TreeCopy::CopyContents(int to) {
  struct stat status {};
  if (fstat(root_, &status) != 0) return Fail("read", "", errno);
  ancestors_.push_back(status);
  auto failure = CopyInto(root_, "", to);
  ancestors_.pop_back();
  return failure ? failure : Finish(to, status, "");
}

Failure TreeCopy::Copy(Entry entry, int to, const std::string& as) {
  if (auto failure = CheckCancelled()) return failure;
  struct stat status {};
  if (fstatat(entry.folder, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? NoSuchPath(Shown(entry.path)) : Fail("read", entry.path, errno);
  }
  if (S_ISLNK(status.st_mode) && !(rules_.follow_links && FollowsInside(entry, status))) {
    return CopyLink(entry, to, as);
  }
  if (S_ISREG(status.st_mode)) return CopyFile(entry, to, as);
  if (S_ISDIR(status.st_mode)) return CopyFolder(entry, to, as);
  return Special(Shown(entry.path));
}

Failure TreeCopy::CopyLink(const Entry& entry, int to, const std::string& as) {
  char target[PATH_MAX];
  const ssize_t size = readlinkat(entry.folder, entry.name.c_str(), target, sizeof target);
  if (size < 0) return Fail("read", entry.path, errno);
  const std::string text(target, static_cast<std::size_t>(size));
  if (symlinkat(text.c_str(), to, as.c_str()) != 0) return Fail("copy", entry.path, errno);
  const auto& owner = rules_.owner;
  if (owner && fchownat(to, as.c_str(), owner->uid, owner->gid, AT_SYMLINK_NOFOLLOW) != 0) {
    return Fail("give away the copy of", entry.path, errno);
  }
  return {};
}

Failure TreeCopy::CopyFile(const Entry& entry, int to, const std::string& as) {
  // O_NONBLOCK: it may have been replaced by a fifo since it was looked at.
  UniqueFd in = Open(entry, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  if (!in || fstat(in.get(), &status) != 0) return Fail("read", entry.path, errno);
  if (!S_ISREG(status.st_mode)) return Special(Shown(entry.path));
  UniqueFd out(openat(to, as.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!out) return Fail("copy", entry.path, errno);
  // What claims to be empty may be a file of the kernel's that has no size.
  auto failure = status.st_size > 0 ? CopyBytes(in.get(), out.get(), status, entry.path)
                                    : CopyAllBytes(in.get(), out.get(), entry.path);
  return failure ? failure : Finish(out.get(), status, entry.path);
}

Failure TreeCopy::CopyBytes(int in, int out, const struct stat& status, const std::string& path) {
  off_t at = 0;
  while (at < status.st_size) {
    const off_t data = lseek(in, at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;  // a hole to the end
    if (data > at) at = data;
    const off_t hole = data < 0 ? status.st_size : lseek(in, at, SEEK_HOLE);
    const off_t end = hole > at ? std::min<off_t>(hole, status.st_size) : status.st_size;
    while (at < end) {
      if (auto failure = CheckCancelled()) return failure;
      off_t out_at = at;
      const ssize_t copied = copy_file_range(
          in, &at, out, &out_at, std::min<std::size_t>(kChunk, static_cast<std::size_t>(end - at)), 0);
      if (copied > 0 || (copied < 0 && errno == EINTR)) continue;
      if (copied < 0 && !CannotCopyInKernel(errno)) return Fail("copy", path, errno);
      if (lseek(in, at, SEEK_SET) < 0 || lseek(out, at, SEEK_SET) < 0) return Fail("copy", path, errno);
      return CopyAllBytes(in, out, path);
    }
  }
  // A hole at the end is nothing that was written.
  return ftruncate(out, status.st_size) == 0 ? Failure{} : Fail("copy", path, errno);
}

Failure TreeCopy::CopyAllBytes(int in, int out, const std::string& path) {
  const auto buffer = std::make_unique<char[]>(kBuffer);
  for (;;) {
    if (auto failure = CheckCancelled()) return failure;
    const ssize_t got = read(in, buffer.get(), kBuffer);
    if (got == 0) return {};
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail("read", path, errno);
    if (!WriteAll(out, buffer.get(), static_cast<std::size_t>(got))) return Fail("copy", path, errno);
  }
}

Failure TreeCopy::CopyFolder(const Entry& entry, int to, const std::string& as) {
  UniqueFd from = Open(entry, O_RDONLY | O_DIRECTORY);
  struct stat status {};
  if (!from || fstat(from.get(), &status) != 0) return Fail("read", entry.path, errno);
  if (shunned_ && Same(*shunned_, status)) {
    return {BOXLITE_INVALID_ARGUMENT, "cannot copy " + Quoted(shown_) + " into itself"};
  }
  if (mkdirat(to, as.c_str(), 0700) != 0) return Fail("copy", entry.path, errno);
  UniqueFd made = OpenFolder(to, as);
  if (!made) return Fail("copy", entry.path, errno);
  ancestors_.push_back(status);
  auto failure = CopyInto(from.get(), entry.path, made.get());
  ancestors_.pop_back();
  return failure ? failure : Finish(made.get(), status, entry.path);
}

Failure TreeCopy::CopyInto(int from, const std::string& path, int to) {
  std::vector<std::string> names;
  if (!ListFolder(from, names)) return Fail("read", path, errno);
  for (const auto& name : names) {
    if (auto failure = Copy({from, name, path.empty() ? name : path + "/" + name}, to, name)) return failure;
  }
  return {};
}

Failure TreeCopy::Finish(int fd, const struct stat& status, const std::string& path) {
  const auto& owner = rules_.owner;
  if (owner && fchown(fd, owner->uid, owner->gid) != 0) return Fail("give away the copy of", path, errno);
  const timespec times[] = {status.st_atim, status.st_mtim};
  if (fchmod(fd, status.st_mode & kKeptBits) != 0 || futimens(fd, times) != 0)
    return Fail("copy", path, errno);
  return {};
}

}  // namespace boxlite::engine
