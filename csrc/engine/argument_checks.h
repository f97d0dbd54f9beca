// The checks that many of the ABI's functions begin with.
#pragma once

#include "engine/failure.h"

namespace boxlite::engine {

/// The first fault of a posted call's arguments; Ok when there is none.
template <class Callback>
BoxliteErrorCode CheckPosted(const void* handle, const char* name, Callback cb, CBoxliteError* out) {
  if (handle == nullptr) return ReportNull(name, out);
  return cb == nullptr ? ReportNull("cb", out) : BOXLITE_OK;
}

inline BoxliteErrorCode CheckText(const char* text, CBoxliteError* out) {
  if (text == nullptr) return ReportBadString(out, "null pointer");
  return IsUtf8(text) ? BOXLITE_OK : ReportBadString(out, "invalid UTF-8");
}

}  // namespace boxlite::engine
