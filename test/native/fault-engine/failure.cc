#include "failure.h"

#include <cstdlib>
#include <cstring>

namespace boxlite::fault {

namespace {

constexpr const char* kPrefixes[] = {
    "",
    "internal error",
    "box not found",
    "already exists",
    "invalid state",
    "invalid argument",
    "configuration error",
    "storage error",
    "images error",
    "network error",
    "Execution error",
    "stopped",
    "engine reported an error",
    "unsupported",
    "database error",
    "portal error",
    "gRPC/tonic error",
    "gRPC transport error",
    "metadata error",
    "unsupported engine kind",
    "resource exhausted",
    "session reaped",
};

std::string MessageOf(const Failure& failure) {
  const bool known = failure.code > 0 && failure.code < static_cast<int>(std::size(kPrefixes));
  return std::string(known ? kPrefixes[failure.code] : "unknown error") + ": " + failure.detail;
}

void Write(int code, const std::string& message, CBoxliteError* out) {
  if (out == nullptr) return;
  out->code = static_cast<BoxliteErrorCode>(code);
  out->message = CopyOut(message);
}

/// Length of the UTF-8 sequence at `at`; 0 for an invalid one. Overlong forms and surrogates are not looked
/// for.
int SequenceLength(const unsigned char* at) {
  const int length = *at < 0x80                   ? 1
                     : *at >= 0xC2 && *at <= 0xDF ? 2
                     : (*at & 0xF0) == 0xE0       ? 3
                     : (*at & 0xF8) == 0xF0       ? 4
                                                  : 0;
  for (int i = 1; i < length; ++i) {
    if ((at[i] & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

BoxliteErrorCode Report(const Failure& failure, int struct_code, CBoxliteError* out) {
  Write(struct_code, MessageOf(failure), out);
  return static_cast<BoxliteErrorCode>(failure.code);
}

BoxliteErrorCode ReportBadString(CBoxliteError* out, const char* why) {
  return Report({BOXLITE_INVALID_ARGUMENT, why}, BOXLITE_INTERNAL, out);
}

BoxliteErrorCode ReportNull(const char* name, CBoxliteError* out) {
  return Report({BOXLITE_INVALID_ARGUMENT, std::string(name) + " is null"}, out);
}

BoxliteErrorCode CheckText(const char* text, CBoxliteError* out) {
  if (text == nullptr) return ReportBadString(out, "null pointer");
  for (const auto* at = reinterpret_cast<const unsigned char*>(text); *at != 0;) {
    const int length = SequenceLength(at);
    if (length == 0) return ReportBadString(out, "invalid UTF-8");
    at += length;
  }
  return BOXLITE_OK;
}

CallbackError::CallbackError(const Failure& failure) {
  if (failure) Write(failure.code, MessageOf(failure), &error_);
}

CallbackError::~CallbackError() { std::free(error_.message); }

char* CopyOut(const std::string& text) { return strndup(text.data(), text.size()); }

}  // namespace boxlite::fault
