// Failures, and how they leave the engine.
#pragma once

#include <string>

#include "abi/boxlite.h"

namespace boxlite::fault {

/// Success, or a code with the detail that follows its category's prefix. Codes that no table knows are fine.
struct Failure {
  int code = 0;
  std::string detail;
  explicit operator bool() const { return code != 0; }
};

/// Writes a failure to an optional out-parameter, as the library does: overwriting, without freeing. The
/// struct's code is `struct_code`; returns the failure's.
BoxliteErrorCode Report(const Failure& failure, int struct_code, CBoxliteError* out);
inline BoxliteErrorCode Report(const Failure& failure, CBoxliteError* out) {
  return Report(failure, failure.code, out);
}

/// A bad string: 5 is returned, the struct says 1.
BoxliteErrorCode ReportBadString(CBoxliteError* out, const char* why);
BoxliteErrorCode ReportNull(const char* name, CBoxliteError* out);

/// Ok for valid UTF-8; otherwise what a bad string parameter gives.
BoxliteErrorCode CheckText(const char* text, CBoxliteError* out);

/// The error of a callback: on the dispatcher's stack, never NULL, freed when the callback has returned.
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

/// A string for the other side.
char* CopyOut(const std::string& text);

}  // namespace boxlite::fault
