#include "engine/user_spec.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <mutex>
#include <vector>

namespace boxlite::engine {

namespace {

constexpr std::size_t kRecordBytes = 16 * 1024;
// Two files are read for an account, which takes longer than to start a process.
constexpr std::chrono::seconds kAccountLife{1};

std::optional<unsigned> ToNumber(const std::string& text) {
  unsigned number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The entry of the password file; false when there is none.
bool FindAccount(const std::string& user, Account& account) {
  std::vector<char> memory(kRecordBytes);
  passwd record{};
  passwd* found = nullptr;
  if (auto uid = ToNumber(user)) {
    getpwuid_r(*uid, &record, memory.data(), memory.size(), &found);
    account.identity.uid = *uid;
    account.identity.gid = *uid;
    if (found == nullptr) return true;  // a number needs no entry
  } else {
    getpwnam_r(user.c_str(), &record, memory.data(), memory.size(), &found);
    if (found == nullptr) return false;
  }
  account.identity.uid = found->pw_uid;
  account.identity.gid = found->pw_gid;
  account.name = found->pw_name;
  account.home = found->pw_dir;
  return true;
}

std::optional<gid_t> FindGroup(const std::string& group) {
  if (auto gid = ToNumber(group)) return *gid;
  std::vector<char> memory(kRecordBytes);
  ::group record{};
  ::group* found = nullptr;
  getgrnam_r(group.c_str(), &record, memory.data(), memory.size(), &found);
  if (found == nullptr) return std::nullopt;
  return found->gr_gid;
}

std::vector<gid_t> GroupsOf(const Account& account) {
  std::vector<gid_t> groups(64, account.identity.gid);
  if (account.name.empty()) return {account.identity.gid};
  int count = static_cast<int>(groups.size());
  if (getgrouplist(account.name.c_str(), account.identity.gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    getgrouplist(account.name.c_str(), account.identity.gid, groups.data(), &count);
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

Failure Unknown(const char* what, const std::string& name) {
  return {BOXLITE_INVALID_ARGUMENT, std::string("no such ") + what + ": '" + name + "'"};
}

std::optional<Account> ReadAccount(const std::string& spec, Failure& failure) {
  const bool blank = spec.find_first_not_of(" \t") == std::string::npos;
  const std::string whole = blank ? std::to_string(geteuid()) : spec;
  const auto colon = whole.find(':');
  const std::string user = whole.substr(0, colon);
  Account account;
  if (user.empty() || !FindAccount(user, account)) {
    failure = Unknown("user", user);
    return std::nullopt;
  }
  account.identity.groups = GroupsOf(account);
  if (colon != std::string::npos) {
    const std::string group = whole.substr(colon + 1);
    auto gid = FindGroup(group);
    if (!gid) {
      failure = Unknown("group", group);
      return std::nullopt;
    }
    account.identity.gid = *gid;
    account.identity.groups = {*gid};
  }
  if (!blank && geteuid() != 0 && account.identity.uid != geteuid()) {
    failure = {BOXLITE_UNSUPPORTED, "running as '" + spec + "' needs a host process that is root"};
    return std::nullopt;
  }
  return account;
}

/// The last account that was looked up. The files behind it are read again after a moment.
struct Recent {
  std::mutex mutex;  // guards everything below
  std::string spec;
  std::optional<Account> account;
  std::chrono::steady_clock::time_point read_at;
};

// Not destroyed: another thread may still ask while the process exits.
Recent& TheRecent() {
  static auto& recent = *new Recent;
  return recent;
}

}  // namespace

std::optional<Account> LookUpUser(const std::string& spec, Failure& failure) {
  auto& recent = TheRecent();
  std::lock_guard lock(recent.mutex);
  const auto now = std::chrono::steady_clock::now();
  if (recent.account && recent.spec == spec && now - recent.read_at < kAccountLife) return recent.account;
  recent.account = ReadAccount(spec, failure);
  recent.spec = spec;
  recent.read_at = now;
  return recent.account;
}

}  // namespace boxlite::engine
