// Copies a file, a link or a folder to where nothing is yet.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/failure.h"
#include "engine/spawn.h"
#include "engine/unique_fd.h"

namespace boxlite::engine {

struct CopyRules {
  /// Copy what a link leads to, if that lies within the tree and does not contain the link; else the link.
  bool follow_links = false;
  /// Whom the copies belong to; nothing: this process.
  std::optional<Identity> owner;
  /// Asked often; the copy is given up when it says yes.
  std::function<bool()> cancelled;
};

/// Permission bits and times are kept, but no set-user-id: the copy may belong to somebody else. Links are
/// copied, never followed out of the tree; fifos, sockets and devices are refused. Not thread-safe.
class TreeCopy {
 public:
  /// `root`: the tree; `shown`: its path, for messages.
  TreeCopy(int root, std::string shown, CopyRules rules)
      : root_(root), shown_(std::move(shown)), rules_(std::move(rules)) {}

  /// A folder that must not be met: where the copy is made.
  void Shun(int folder);

  /// What is called `name` in the root, as `as` in `to`.
  Failure CopyOne(const std::string& name, int to, const std::string& as);
  /// Everything in the root, and the root's own mode and times.
  Failure CopyContents(int to);

 private:
  struct Entry {
    int folder;
    std::string name;
    std::string path;  // within the root
    bool through_link = false;
  };

  Failure Copy(Entry entry, int to, const std::string& as);
  Failure CopyLink(const Entry& entry, int to, const std::string& as);
  Failure CopyFile(const Entry& entry, int to, const std::string& as);
  Failure CopyFolder(const Entry& entry, int to, const std::string& as);
  Failure CopyInto(int from, const std::string& path, int to);
  Failure CopyBytes(int in, int out, const struct stat& status, const std::string& path);
  Failure CopyAllBytes(int in, int out, const std::string& path);
  Failure Finish(int fd, const struct stat& status, const std::string& path);
  Failure CheckCancelled() const;

  UniqueFd Open(const Entry& entry, int flags) const;
  bool FollowsInside(Entry& entry, struct stat& status) const;
  bool IsAncestor(const struct stat& status) const;
  Failure Fail(const char* what, const std::string& path, int error) const;
  std::string Shown(const std::string& path) const;

  const int root_;
  const std::string shown_;
  const CopyRules rules_;
  std::optional<struct stat> shunned_;
  std::vector<struct stat> ancestors_;
};

}  // namespace boxlite::engine
