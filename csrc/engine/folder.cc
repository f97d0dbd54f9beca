#include "engine/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace boxlite::engine {

bool ListFolder(int folder, std::vector<std::string>& names) {
  // Its own open file: reading would move the position of the caller's.
  UniqueFd again(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!again) return false;
  std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(again.get()), closedir);
  if (!stream) return false;
  again.Release();
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(stream.get());
    if (entry == nullptr) return errno == 0;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
}

std::string ChildPath(const std::string& folder, const std::string& name) {
  std::string path = folder;
  if (!path.empty() && !path.ends_with('/')) path += '/';
  path += name;
  return path;
}

UniqueFd OpenFolder(int parent, const std::string& name) {
  return UniqueFd(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool IsSpecial(int parent, const std::string& name) {
  struct stat status {};
  if (fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode);
}

void RemoveTree(int parent, const std::string& name) {
  if (unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (auto folder = OpenFolder(parent, name)) {
    std::vector<std::string> names;
    ListFolder(folder.get(), names);
    for (const auto& child : names) RemoveTree(folder.get(), child);
  }
  unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

std::string NewTemporaryName() {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) < 0) random = static_cast<std::uint64_t>(std::rand());
  return ".boxlite-" + std::to_string(random);
}

}  // namespace boxlite::engine
