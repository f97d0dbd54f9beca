#include "ffi/error.h"

namespace boxlite::ffi {

namespace {

std::string MessageOr(const char* message, int code) {
  if (message != nullptr && *message != '\0') return message;
  return "the engine reported error " + std::to_string(code) + " without a message";
}

}  // namespace

Error ErrorSlot::Take(BoxliteErrorCode returned, const char* operation) {
  int code = static_cast<int>(returned);
  return Error{code, MessageOr(error_.message, code), operation};
}

std::optional<Error> CopyCallbackError(const CBoxliteError* error, const char* operation) {
  if (error == nullptr || error->code == BOXLITE_OK) return std::nullopt;
  int code = static_cast<int>(error->code);
  return Error{code, MessageOr(error->message, code), operation};
}

}  // namespace boxlite::ffi
