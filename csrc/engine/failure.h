// Failures inside the engine, and how they leave it.
#pragma once

#include <string>

#include "abi/boxlite.h"

namespace boxlite::engine {

/// Success, or a code with a detail. The category's prefix is put before the detail when it leaves.
struct Failure {
  BoxliteErrorCode code = BOXLITE_OK;
  std::string detail;
  const char* prefix = nullptr;  // another one than the category's
  explicit operator bool() const { return code != BOXLITE_OK; }
};

/// "stopped: …": what the message of a failure says.
std::string MessageOf(const Failure& failure);

/// Writes a failure to an optional out-parameter and returns its code.
BoxliteErrorCode Report(const Failure& failure, CBoxliteError* out);

/// A bad string: InvalidArgument is returned, the struct says Internal, as consumers know it.
BoxliteErrorCode ReportBadString(CBoxliteError* out, const char* why);

inline BoxliteErrorCode ReportNull(const char* name, CBoxliteError* out) {
  return Report({BOXLITE_INVALID_ARGUMENT, std::string(name) + " is null"}, out);
}

/// The error of a callback: lives during it and frees its message afterwards.
class CallbackError {
 public:
  explicit CallbackError(const Failure& failure);
  ~CallbackError();
  CallbackError(const CallbackError&) = delete;
  CallbackError& operator=(const CallbackError&) = delete;
  CBoxliteError* get() { return &error_; }

 private:
  CBoxliteError error_{};
};

/// A string for the other side, freed with boxlite_free_string or the struct it is in. Null when there is no
/// memory.
char* CopyOut(const std::string& text);

/// Whether a string is valid UTF-8.
bool IsUtf8(const char* text);

}  // namespace boxlite::engine
