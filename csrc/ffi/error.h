// Failures as values: what leaves this room instead of CBoxliteError.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "ffi/api.h"
#include "ffi/error_codes.h"

namespace boxlite::ffi {

/// A failure with the engine's number. `code` may be a number that no table knows.
struct Error {
  int code = 0;
  std::string message;
  /// What was being done, as "box.exec".
  std::string operation;
};

inline Error MakeError(ErrorCode code, std::string message, std::string operation = {}) {
  return Error{static_cast<int>(code), std::move(message), std::move(operation)};
}

/// Nothing, as a value: the result of an operation that only succeeds or fails.
struct Unit {};

/// A value or an Error.
template <class T>
class Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  Error& error() { return std::get<1>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Unit>;

/// The out-parameter of one call: frees what the library wrote into it.
class ErrorSlot {
 public:
  explicit ErrorSlot(const Api& api) : api_(api) {}
  ~ErrorSlot() { api_.error_free(&error_); }
  ErrorSlot(const ErrorSlot&) = delete;
  ErrorSlot& operator=(const ErrorSlot&) = delete;

  CBoxliteError* out() { return &error_; }

  /// The failure of a call that returned `returned`. The return value wins over the struct's code, which
  /// says "internal" for a bad string and keeps what it was on success.
  Error Take(BoxliteErrorCode returned, const char* operation);

 private:
  const Api& api_;
  CBoxliteError error_{};
};

/// The error of a callback, copied; nothing on success.
std::optional<Error> CopyCallbackError(const CBoxliteError* error, const char* operation);

/// A NULL-safe copy of a string that stays the library's.
inline std::string CopyString(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace boxlite::ffi
