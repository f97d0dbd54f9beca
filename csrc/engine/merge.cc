#include "engine/merge.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "engine/file_failure.h"
#include "engine/folder.h"

namespace boxlite::engine {

namespace {

bool IsFolder(int parent, const std::string& name) {
  struct stat status {};
  return fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

bool IsThere(int parent, const std::string& name) {
  struct stat status {};
  return fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

bool SameDevice(int a, int b) {
  struct stat first {};
  struct stat second {};
  return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev;
}

class Merger {
 public:
  explicit Merger(const MergeRules& rules) : rules_(rules) {}

  /// The first thing that stands in the way.
  Failure Check(int staged, int folder, const std::string& path) const {
    std::vector<std::string> names;
    if (!ListFolder(staged, names)) return Fail(path);
    for (const auto& name : names) {
      if (!IsThere(folder, name)) continue;
      const std::string child = ChildPath(path, name);
      const bool folder_comes = IsFolder(staged, name);
      const bool folder_is = IsFolder(folder, name);
      if (folder_comes && folder_is) {
        UniqueFd from = OpenFolder(staged, name);
        UniqueFd to = OpenFolder(folder, name);
        if (!from || !to) return Fail(child);
        if (auto failure = Check(from.get(), to.get(), child)) return failure;
      } else if (!rules_.overwrite) {
        return {BOXLITE_ALREADY_EXISTS, Quoted(child) + " exists"};
      } else if (folder_comes || folder_is) {
        return {BOXLITE_INVALID_STATE,
                Quoted(child) + (folder_is ? " is a directory" : " is not a directory")};
      } else if (IsSpecial(folder, name)) {
        return SpecialInTheWay(child);
      }
    }
    return {};
  }

  Failure Move(int staged, int folder, const std::string& path) const {
    // Another file system is mounted there: a rename would not get in.
    if (!SameDevice(staged, folder)) return MoveAcross(staged, folder, path);
    std::vector<std::string> names;
    if (!ListFolder(staged, names)) return Fail(path);
    for (const auto& name : names) {
      if (auto failure = MoveOne(staged, folder, name, ChildPath(path, name))) return failure;
    }
    return {};
  }

 private:
  Failure MoveOne(int staged, int folder, const std::string& name, const std::string& child) const {
    const unsigned flags = rules_.overwrite ? 0 : RENAME_NOREPLACE;
    const auto both_folders = [&] { return IsFolder(staged, name) && IsFolder(folder, name); };
    if (!both_folders()) {
      if (renameat2(staged, name.c_str(), folder, name.c_str(), flags) == 0) return {};
      const int error = errno;
      // Another copy may have made the folder meanwhile.
      if ((error != EEXIST && error != ENOTEMPTY) || !both_folders()) {
        errno = error;
        return Fail(child);
      }
    }
    UniqueFd from = OpenFolder(staged, name);
    UniqueFd to = OpenFolder(folder, name);
    if (!from || !to) return Fail(child);
    return Move(from.get(), to.get(), child);
  }

  Failure MoveAcross(int staged, int folder, const std::string& path) const {
    const std::string name = NewTemporaryName();
    if (mkdirat(folder, name.c_str(), 0700) != 0) return Fail(path);
    UniqueFd nearer = OpenFolder(folder, name);
    auto failure = nearer ? TreeCopy(staged, path, Again()).CopyContents(nearer.get()) : Fail(path);
    if (!failure) failure = Move(nearer.get(), folder, path);
    RemoveTree(folder, name);
    return failure;
  }

  /// What was copied once has no links that are to be followed any more.
  CopyRules Again() const {
    CopyRules rules = rules_.copy;
    rules.follow_links = false;
    return rules;
  }

  Failure Fail(const std::string& path) const {
    if (errno == EEXIST) return {BOXLITE_ALREADY_EXISTS, Quoted(path) + " exists"};
    return FileFailure("write to", path, errno);
  }

  const MergeRules& rules_;
};

}  // namespace

Failure Merge(int staged, int folder, const MergeRules& rules) {
  const Merger merger(rules);
  std::string path = rules.shown;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (auto failure = merger.Check(staged, folder, path)) return failure;
  return merger.Move(staged, folder, path);
}

}  // namespace boxlite::engine
