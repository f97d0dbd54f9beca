#include "engine/record_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "engine/folder.h"

namespace boxlite::engine {

namespace {

constexpr char kRecord[] = ".box";
constexpr char kTemporary[] = ".tmp";
constexpr char kDamaged[] = ".damaged";
constexpr std::size_t kLargest = 64 * 1024 * 1024;

bool ReadWhole(int folder, const std::string& name, std::string& text) {
  UniqueFd file(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  char buffer[16384];
  for (;;) {
    const ssize_t got = read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 || text.size() > kLargest) return false;
    if (got == 0) return true;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

bool WriteAll(int fd, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(fd, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return true;
}

bool Gone(int folder, const std::string& name) {
  return unlinkat(folder, name.c_str(), 0) == 0 || errno == ENOENT;
}

}  // namespace

std::optional<RecordFiles> RecordFiles::Open(const std::string& folder, Failure& failure, StepHook hook) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (error || !fd) {
    failure = {BOXLITE_STORAGE,
               "cannot use '" + folder + "': " + (error ? error.message() : std::strerror(errno))};
    return std::nullopt;
  }
  // The folder itself must last as well.
  UniqueFd parent(openat(fd.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent) fsync(parent.get());
  return RecordFiles(folder, std::move(fd), std::move(hook));
}

void RecordFiles::Step(const char* name) const {
  if (hook_) hook_(name);
}

Failure RecordFiles::Fail(const char* what, const std::string& name) const {
  return {BOXLITE_STORAGE,
          std::string("cannot ") + what + " '" + path_ + "/" + name + "': " + std::strerror(errno)};
}

RecordFiles::Loaded RecordFiles::Load() {
  Loaded loaded;
  std::vector<std::string> names;
  ListFolder(folder_.get(), names);
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    const auto dot = std::min(name.find('.'), name.size());
    const std::string id = name.substr(0, dot);
    const std::string kind = name.substr(dot);
    if (!IsBoxId(id)) continue;
    if (kind == kTemporary) Gone(folder_.get(), name);
    if (kind == kRecord) LoadOne(id, loaded);
    if (kind == kDamaged) loaded.damaged.emplace(id, "it is damaged and was set aside");
  }
  return loaded;
}

void RecordFiles::LoadOne(const std::string& id, Loaded& loaded) {
  std::string text;
  BoxRecord record;
  std::string why;
  if (!ReadWhole(folder_.get(), id + kRecord, text)) return SetAside(id, "it cannot be read", loaded);
  if (!ParseRecord(text, record, why)) return SetAside(id, why, loaded);
  if (record.id != id) return SetAside(id, "it is of another box", loaded);
  const auto& records = loaded.records;
  const auto& name = record.options.name;
  const bool taken = !name.empty() && std::any_of(records.begin(), records.end(), [&name](const auto& other) {
    return other.options.name == name;
  });
  if (taken) return SetAside(id, "another box has its name '" + name + "'", loaded);
  loaded.records.push_back(std::move(record));
}

void RecordFiles::SetAside(const std::string& id, const std::string& why, Loaded& loaded) {
  renameat(folder_.get(), (id + kRecord).c_str(), folder_.get(), (id + kDamaged).c_str());
  loaded.damaged[id] = why;
}

bool RecordFiles::WriteTemporary(const std::string& name, const std::string& text) const {
  UniqueFd file(
      openat(folder_.get(), name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return false;
  Step("created");
  if (!WriteAll(file.get(), text)) return false;
  Step("written");
  // Before the rename: else a loss of power could leave an empty file under the name.
  if (fsync(file.get()) != 0) return false;
  Step("synced");
  return true;
}

Failure RecordFiles::Write(const std::string& id, const std::string& text) {
  const std::string temporary = id + kTemporary;
  const std::string name = id + kRecord;
  if (WriteTemporary(temporary, text) &&
      renameat(folder_.get(), temporary.c_str(), folder_.get(), name.c_str()) == 0) {
    Step("renamed");
    return {};
  }
  auto failure = Fail("write", name);
  Gone(folder_.get(), temporary);
  return failure;
}

Failure RecordFiles::Remove(const std::string& id) {
  for (const char* kind : {kRecord, kDamaged}) {
    if (!Gone(folder_.get(), id + kind)) return Fail("remove", id + kind);
    Step("removed");
  }
  return {};
}

Failure RecordFiles::Sync() {
  if (fsync(folder_.get()) != 0) return Fail("write", "");
  Step("folder synced");
  return {};
}

}  // namespace boxlite::engine
