#include "engine/file_failure.h"

#include <cerrno>
#include <cstring>

namespace boxlite::engine {

namespace {

BoxliteErrorCode CodeOf(int error) {
  switch (error) {
    case ENAMETOOLONG:
    case ELOOP:
    case EINVAL: return BOXLITE_INVALID_ARGUMENT;
    // Where the path leads does not allow it.
    case ENOENT:
    case ENOTDIR:
    case EISDIR:
    case EEXIST:
    case ENOTEMPTY:
    case EACCES:
    case EPERM:
    case EROFS:
    case EBUSY:
    case ETXTBSY: return BOXLITE_INVALID_STATE;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return BOXLITE_RESOURCE_EXHAUSTED;
    default: return BOXLITE_STORAGE;
  }
}

}  // namespace

std::string Quoted(const std::string& path) { return "'" + path + "'"; }

Failure FileFailure(const char* what, const std::string& path, int error) {
  return {CodeOf(error), std::string("cannot ") + what + " " + Quoted(path) + ": " + std::strerror(error)};
}

Failure SpecialInTheWay(const std::string& path) {
  return {BOXLITE_UNSUPPORTED, Quoted(path) + " is a fifo, a socket or a device, which no copy replaces"};
}

Failure NoSuchPath(const std::string& path) {
  return {BOXLITE_NOT_FOUND, Quoted(path) + " does not exist", "not found"};
}

}  // namespace boxlite::engine
