#include "engine/copy.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "engine/file_failure.h"
#include "engine/folder.h"
#include "engine/merge.h"
#include "engine/path_walk.h"

namespace boxlite::engine {

namespace {

enum class Kind { kNothing, kFolder, kLink, kOther };

Kind KindOf(int folder, const std::string& name, int flags = AT_SYMLINK_NOFOLLOW) {
  struct stat status {};
  if (fstatat(folder, name.c_str(), &status, flags) != 0) return Kind::kNothing;
  return S_ISDIR(status.st_mode) ? Kind::kFolder : S_ISLNK(status.st_mode) ? Kind::kLink : Kind::kOther;
}

/// A temporary name in a folder; what it is the name of is removed in the end, unless it was moved away.
class Stage {
 public:
  explicit Stage(int folder) : folder_(folder), name_(NewTemporaryName()) {}
  ~Stage() { RemoveTree(folder_, name_); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const std::string& name() const { return name_; }

  /// Makes it a folder.
  UniqueFd MakeFolder() const {
    return mkdirat(folder_, name_.c_str(), 0700) == 0 ? OpenFolder(folder_, name_) : UniqueFd();
  }

 private:
  const int folder_;
  const std::string name_;
};

class OneCopy {
 public:
  explicit OneCopy(const CopyPlan& plan) : plan_(plan) {}

  Failure Run() {
    Failure failure;
    Place from = WalkPath(plan_.from, {plan_.trust_source, plan_.rules.follow_links, false, {}}, failure);
    if (failure) return failure;
    const Kind kind = from.name.empty() ? Kind::kFolder : KindOf(from.folder.get(), from.name);
    if (kind == Kind::kNothing) return NoSuchPath(plan_.from);
    Place to = FindTarget(failure);
    if (failure) return failure;
    return kind == Kind::kFolder ? CopyFolder(from, std::move(to)) : CopyLeaf(from, std::move(to));
  }

 private:
  /// Where the copy goes. A name that is a folder, or a link to one, is opened.
  Place FindTarget(Failure& failure) const {
    const WalkRules rules{plan_.trust_target, false, true, plan_.rules.owner};
    Place to = WalkPath(plan_.to, rules, failure);
    if (failure || to.name.empty()) return to;
    const Kind kind = KindOf(to.folder.get(), to.name);
    const bool leads_to_folder = kind == Kind::kLink && KindOf(to.folder.get(), to.name, 0) == Kind::kFolder;
    if (kind != Kind::kFolder && !leads_to_folder) return to;
    return WalkPath(plan_.to + "/", rules, failure);
  }

  Failure CopyLeaf(const Place& from, Place to) const {
    const int folder = to.folder.get();
    const std::string& name = to.name.empty() ? from.name : to.name;
    const Kind there = KindOf(folder, name);
    if (there == Kind::kFolder)
      return {BOXLITE_INVALID_STATE, Quoted(plan_.to) + " has a directory named '" + name + "'"};
    if (there != Kind::kNothing && !plan_.overwrite) return Exists(name);
    if (IsSpecial(folder, name)) return SpecialInTheWay(plan_.to);
    const Stage stage(folder);
    if (auto failure = Source(from).CopyOne(from.name, folder, stage.name())) return failure;
    return Rename(folder, stage.name(), name, plan_.overwrite);
  }

  Failure CopyFolder(const Place& from, Place to) const {
    UniqueFd source =
        from.name.empty() ? Reopen(from.folder.get()) : OpenFolder(from.folder.get(), from.name);
    if (!source) return FileFailure("read", plan_.from, errno);
    const int folder = to.folder.get();
    const bool is_new = !to.name.empty();
    if (is_new && KindOf(folder, to.name) != Kind::kNothing) {
      if (!plan_.overwrite) return Exists(to.name);
      return {BOXLITE_INVALID_STATE, Quoted(plan_.to) + " is not a directory"};
    }
    const Stage stage(folder);
    UniqueFd staged = stage.MakeFolder();
    if (!staged) return FileFailure("write to", plan_.to, errno);
    TreeCopy copy(source.get(), plan_.from, plan_.rules);
    copy.Shun(staged.get());
    if (auto failure = copy.CopyContents(staged.get())) return failure;
    const MergeRules rules{plan_.overwrite, plan_.to, plan_.rules};
    if (!is_new) return Merge(staged.get(), folder, rules);
    auto failure = Rename(folder, stage.name(), to.name, false);
    if (failure.code != BOXLITE_ALREADY_EXISTS || KindOf(folder, to.name) != Kind::kFolder) return failure;
    // Another copy has made it meanwhile.
    UniqueFd made = OpenFolder(folder, to.name);
    return made ? Merge(staged.get(), made.get(), rules) : failure;
  }

  TreeCopy Source(const Place& from) const {
    return {from.folder.get(), plan_.from.substr(0, plan_.from.rfind('/') + 1), plan_.rules};
  }

  /// A descriptor that can do more than name the folder.
  static UniqueFd Reopen(int folder) {
    return UniqueFd(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

  Failure Exists(const std::string& name) const {
    return {BOXLITE_ALREADY_EXISTS, "'" + name + "' exists at " + Quoted(plan_.to)};
  }

  Failure Rename(int folder, const std::string& staged, const std::string& name, bool overwrite) const {
    const unsigned flags = overwrite ? 0 : RENAME_NOREPLACE;
    if (renameat2(folder, staged.c_str(), folder, name.c_str(), flags) == 0) return {};
    if (errno == EEXIST) return Exists(name);
    return FileFailure("write to", plan_.to, errno);
  }

  const CopyPlan& plan_;
};

}  // namespace

Failure Copy(const CopyPlan& plan) { return OneCopy(plan).Run(); }

}  // namespace boxlite::engine
