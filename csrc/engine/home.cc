#include "engine/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace boxlite::engine {

namespace {

std::string ReadHolder(int fd) {
  char text[32]{};
  const ssize_t got = pread(fd, text, sizeof text - 1, 0);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "unknown";
}

Failure Unusable(const std::string& folder, const std::string& why) {
  return {BOXLITE_STORAGE, "cannot use the home directory '" + folder + "': " + why};
}

}  // namespace

std::string DefaultHome() {
  const char* given = std::getenv("BOXLITE_HOME");
  if (given != nullptr && *given != '\0') return given;
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : "") + "/.boxlite";
}

std::optional<Home> Home::Lock(const std::string& folder, Failure& failure) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    failure = Unusable(folder, error.message());
    return std::nullopt;
  }
  UniqueFd lock(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) {
    failure = Unusable(folder, std::strerror(errno));
    return std::nullopt;
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    failure = {BOXLITE_INTERNAL,
               "the home directory '" + folder + "' is already in use by process " + ReadHolder(lock.get())};
    return std::nullopt;
  }
  const std::string pid = std::to_string(getpid());
  if (ftruncate(lock.get(), 0) != 0 || pwrite(lock.get(), pid.data(), pid.size(), 0) < 0) {
    failure = Unusable(folder, std::strerror(errno));
    return std::nullopt;
  }
  return Home(std::move(lock));
}

}  // namespace boxlite::engine
