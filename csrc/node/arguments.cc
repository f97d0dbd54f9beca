#include "node/arguments.h"

#include <cmath>

namespace boxlite::node {

namespace {

const char* TypeName(Napi::Value value) {
  switch (value.Type()) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean: return "a boolean";
    case napi_number: return "a number";
    case napi_string: return "a string";
    case napi_symbol: return "a symbol";
    case napi_function: return "a function";
    case napi_bigint: return "a bigint";
    default: return value.IsArray() ? "an array" : "an object";
  }
}

[[noreturn]] void ThrowExpected(Napi::Value value, const std::string& name, const std::string& expected) {
  ThrowInvalidArgument(value.Env(), name + " must be " + expected + ", got " + TypeName(value));
}

}  // namespace

void Throw(Napi::Env env, const ffi::Error& error) {
  throw Napi::Error(env, Environment::Of(env).ToJs(error));
}

void ThrowInvalidArgument(Napi::Env env, const std::string& message) {
  Throw(env, ffi::MakeError(ffi::ErrorCode::kInvalidArgument, message));
}

std::string ReadString(Napi::Value value, const std::string& name) {
  if (!value.IsString()) ThrowExpected(value, name, "a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) {
    ThrowInvalidArgument(value.Env(), name + " must not contain the character U+0000");
  }
  return text;
}

bool ReadBool(Napi::Value value, const std::string& name) {
  if (!value.IsBoolean()) ThrowExpected(value, name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

double ReadNumber(Napi::Value value, const std::string& name) {
  if (!value.IsNumber()) ThrowExpected(value, name, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

std::int64_t ReadInt(Napi::Value value, const std::string& name, std::int64_t min, std::int64_t max) {
  const double number = ReadNumber(value, name);
  if (std::trunc(number) != number || number < static_cast<double>(min) ||
      number > static_cast<double>(max)) {
    ThrowInvalidArgument(value.Env(), name + " must be a whole number from " + std::to_string(min) + " to " +
                                          std::to_string(max) + ", got " + value.ToString().Utf8Value());
  }
  return static_cast<std::int64_t>(number);
}

Napi::Array ReadArray(Napi::Value value, const std::string& name) {
  if (!value.IsArray()) ThrowExpected(value, name, "an array");
  return value.As<Napi::Array>();
}

std::vector<std::string> ReadStrings(Napi::Value value, const std::string& name) {
  auto array = ReadArray(value, name);
  std::vector<std::string> strings;
  strings.reserve(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    strings.push_back(ReadString(array.Get(i), name + "[" + std::to_string(i) + "]"));
  }
  return strings;
}

Napi::Object ReadObject(Napi::Value value, const std::string& name) {
  if (!value.IsObject() || value.IsArray() || value.IsFunction()) ThrowExpected(value, name, "an object");
  return value.As<Napi::Object>();
}

Napi::Function ReadFunction(Napi::Value value, const std::string& name) {
  if (!value.IsFunction()) ThrowExpected(value, name, "a function");
  return value.As<Napi::Function>();
}

std::optional<Napi::Value> Record::Get(const char* key) const {
  Napi::Value value = object_.Get(key);
  if (value.IsUndefined() || value.IsNull()) return std::nullopt;
  return value;
}

std::string Record::RequiredString(const char* key) const {
  return ReadString(object_.Get(key), NameOf(key));
}

std::optional<std::string> Record::String(const char* key) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return ReadString(*value, NameOf(key));
}

std::optional<bool> Record::Bool(const char* key) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return ReadBool(*value, NameOf(key));
}

std::optional<double> Record::Number(const char* key) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return ReadNumber(*value, NameOf(key));
}

std::optional<std::int64_t> Record::Int(const char* key, std::int64_t min, std::int64_t max) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return ReadInt(*value, NameOf(key), min, max);
}

std::vector<std::string> Record::Strings(const char* key) const {
  return OptionalStrings(key).value_or(std::vector<std::string>{});
}

std::optional<std::vector<std::string>> Record::OptionalStrings(const char* key) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return ReadStrings(*value, NameOf(key));
}

std::optional<Record> Record::Member(const char* key) const {
  auto value = Get(key);
  if (!value) return std::nullopt;
  return Record(ReadObject(*value, NameOf(key)), NameOf(key));
}

std::vector<Record> Record::Members(const char* key) const {
  std::vector<Record> members;
  auto value = Get(key);
  if (!value) return members;
  auto array = ReadArray(*value, NameOf(key));
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    std::string name = NameOf(key) + "[" + std::to_string(i) + "]";
    members.emplace_back(ReadObject(array.Get(i), name), name);
  }
  return members;
}

}  // namespace boxlite::node
