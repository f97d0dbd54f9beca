#include "engine/failure.h"

#include <cstdlib>
#include <cstring>

namespace boxlite::engine {

namespace {

const char* PrefixOf(BoxliteErrorCode code) {
  switch (code) {
    case BOXLITE_OK: return "";
    case BOXLITE_INTERNAL: return "internal error";
    case BOXLITE_NOT_FOUND: return "box not found";
    case BOXLITE_ALREADY_EXISTS: return "already exists";
    case BOXLITE_INVALID_STATE: return "invalid state";
    case BOXLITE_INVALID_ARGUMENT: return "invalid argument";
    case BOXLITE_CONFIG: return "configuration error";
    case BOXLITE_STORAGE: return "storage error";
    case BOXLITE_IMAGE: return "images error";
    case BOXLITE_NETWORK: return "network error";
    case BOXLITE_EXECUTION: return "Execution error";
    case BOXLITE_STOPPED: return "stopped";
    case BOXLITE_ENGINE: return "engine reported an error";
    case BOXLITE_UNSUPPORTED: return "unsupported";
    case BOXLITE_RPC: return "gRPC/tonic error";
    case BOXLITE_METADATA: return "metadata error";
    case BOXLITE_RESOURCE_EXHAUSTED: return "resource exhausted";
    default: return "internal error";
  }
}

void Write(BoxliteErrorCode code, const std::string& message, CBoxliteError* out) {
  if (out == nullptr) return;
  out->code = code;
  out->message = CopyOut(message);
}

/// The length of the sequence that a lead byte starts; 0 for none.
int SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// Overlong forms, surrogates and what lies past U+10FFFF show in the second byte.
bool SecondByteFits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second <= 0x9F;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second <= 0x8F;
    default: return true;
  }
}

}  // namespace

std::string MessageOf(const Failure& failure) {
  const char* prefix = failure.prefix != nullptr ? failure.prefix : PrefixOf(failure.code);
  return std::string(prefix) + ": " + failure.detail;
}

BoxliteErrorCode Report(const Failure& failure, CBoxliteError* out) {
  Write(failure.code, MessageOf(failure), out);
  return failure.code;
}

BoxliteErrorCode ReportBadString(CBoxliteError* out, const char* why) {
  Write(BOXLITE_INTERNAL, std::string("internal error: ") + why, out);
  return BOXLITE_INVALID_ARGUMENT;
}

CallbackError::CallbackError(const Failure& failure) {
  if (failure) Write(failure.code, MessageOf(failure), &error_);
}

CallbackError::~CallbackError() { std::free(error_.message); }

char* CopyOut(const std::string& text) { return strndup(text.data(), text.size()); }

bool IsUtf8(const char* text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text);
  while (*at != 0) {
    const int length = SequenceLength(*at);
    if (length == 0) return false;
    for (int i = 1; i < length; ++i) {
      if ((at[i] & 0xC0) != 0x80) return false;
    }
    if (length > 1 && !SecondByteFits(at[0], at[1])) return false;
    at += length;
  }
  return true;
}

}  // namespace boxlite::engine
