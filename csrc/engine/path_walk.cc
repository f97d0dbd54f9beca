#include "engine/path_walk.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>

#include "engine/file_failure.h"

namespace boxlite::engine {

namespace {

constexpr int kMaxLinks = 40;
constexpr int kFolder = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool NamesFolder(const std::string& path) {
  const std::string last = path.substr(path.rfind('/') + 1);
  return last.empty() || last == "." || last == "..";
}

std::deque<std::string> Split(const std::string& path) {
  std::deque<std::string> names;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const std::string name = path.substr(at, end - at);
    if (!name.empty() && name != ".") names.push_back(name);
    at = end + 1;
  }
  return names;
}

class Walk {
 public:
  Walk(const std::string& path, const WalkRules& rules)
      : path_(path), rules_(rules), ends_in_folder_(NamesFolder(path)), names_(Split(path)) {}

  Place Go(Failure& failure) {
    at_ = UniqueFd(open("/", kFolder));
    while (!names_.empty() && !failure) {
      const std::string name = std::move(names_.front());
      names_.pop_front();
      const bool last = names_.empty() && !ends_in_folder_;
      if (last && !(rules_.follow_last && IsLink(name))) return {std::move(at_), name};
      failure = Step(name);
    }
    return {std::move(at_), ""};
  }

 private:
  bool IsLink(const std::string& name) const {
    struct stat status {};
    return fstatat(at_.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
  }

  Failure Step(const std::string& name) {
    UniqueFd next(openat(at_.get(), name.c_str(), kFolder));
    if (!next && errno == ENOENT && rules_.create) next = Make(name);
    if (next) {
      at_ = std::move(next);
      return {};
    }
    if (errno == ENOENT) return NoSuchPath(path_);
    if (errno != ENOTDIR) return FileFailure("open", path_, errno);
    if (IsLink(name)) return FollowLink(name);
    return {BOXLITE_INVALID_STATE, "cannot open " + Quoted(path_) + ": '" + name + "' is not a directory"};
  }

  UniqueFd Make(const std::string& name) const {
    const bool made = mkdirat(at_.get(), name.c_str(), 0755) == 0;
    if (!made && errno != EEXIST) return {};
    UniqueFd folder(openat(at_.get(), name.c_str(), kFolder));
    const auto& owner = rules_.owner;
    if (!folder || !made || !owner) return folder;
    if (fchownat(folder.get(), "", owner->uid, owner->gid, AT_EMPTY_PATH) != 0) return {};
    return folder;
  }

  Failure FollowLink(const std::string& name) {
    // By descriptor, so that the owner that is looked at is the owner of what is read.
    UniqueFd link(openat(at_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    char target[PATH_MAX];
    const ssize_t size = link ? readlinkat(link.get(), "", target, sizeof target) : -1;
    if (size < 0 || fstat(link.get(), &status) != 0) return FileFailure("open", path_, errno);
    if (!rules_.trust_links && status.st_uid != 0 && status.st_uid != geteuid()) {
      return {BOXLITE_INVALID_STATE, Quoted(path_) + " leads through the link '" + name + "', which user " +
                                         std::to_string(status.st_uid) + " has made: it is not followed"};
    }
    if (++links_ > kMaxLinks) return FileFailure("open", path_, ELOOP);
    const std::string leads_to(target, static_cast<std::size_t>(size));
    if (names_.empty() && NamesFolder(leads_to)) ends_in_folder_ = true;
    auto before = Split(leads_to);
    names_.insert(names_.begin(), before.begin(), before.end());
    if (leads_to.starts_with('/')) at_ = UniqueFd(open("/", kFolder));
    return {};
  }

  const std::string& path_;
  const WalkRules& rules_;
  bool ends_in_folder_;
  std::deque<std::string> names_;
  UniqueFd at_;
  int links_ = 0;
};

}  // namespace

Place WalkPath(const std::string& path, const WalkRules& rules, Failure& failure) {
  return Walk(path, rules).Go(failure);
}

}  // namespace boxlite::engine
