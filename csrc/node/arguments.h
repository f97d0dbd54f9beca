// Reads JavaScript values; what is not as expected is thrown as InvalidArgument, naming the argument.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/environment.h"

namespace boxlite::node {

/// Throws `error` as JavaScript.
[[noreturn]] void Throw(Napi::Env env, const ffi::Error& error);
[[noreturn]] void ThrowInvalidArgument(Napi::Env env, const std::string& message);

/// Each reads one value called `name`. Strings must not contain U+0000, which C would end them at.
std::string ReadString(Napi::Value value, const std::string& name);
bool ReadBool(Napi::Value value, const std::string& name);
double ReadNumber(Napi::Value value, const std::string& name);
/// Number.MAX_SAFE_INTEGER.
inline constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;
/// A whole number within bounds.
std::int64_t ReadInt(Napi::Value value, const std::string& name, std::int64_t min, std::int64_t max);
std::vector<std::string> ReadStrings(Napi::Value value, const std::string& name);
Napi::Object ReadObject(Napi::Value value, const std::string& name);
Napi::Array ReadArray(Napi::Value value, const std::string& name);
Napi::Function ReadFunction(Napi::Value value, const std::string& name);

/// Reads the members of one record.
class Record {
 public:
  /// `name` is put before the members' names in messages; may be empty.
  Record(Napi::Object object, std::string name) : object_(object), name_(std::move(name)) {}

  /// The member, or nothing when it is undefined or null.
  std::optional<Napi::Value> Get(const char* key) const;
  Napi::Env env() const { return object_.Env(); }
  std::string NameOf(const char* key) const { return name_.empty() ? key : name_ + "." + key; }

  std::string RequiredString(const char* key) const;
  std::optional<std::string> String(const char* key) const;
  std::optional<bool> Bool(const char* key) const;
  std::optional<double> Number(const char* key) const;
  std::optional<std::int64_t> Int(const char* key, std::int64_t min, std::int64_t max) const;
  std::vector<std::string> Strings(const char* key) const;
  std::optional<std::vector<std::string>> OptionalStrings(const char* key) const;
  std::optional<Record> Member(const char* key) const;
  std::vector<Record> Members(const char* key) const;

 private:
  Napi::Object object_;
  std::string name_;
};

}  // namespace boxlite::node
