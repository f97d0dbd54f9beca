// Strings that come from outside: the UTF-8 check, against a second one that decodes; and the user of a
// command.
#include "engine/failure.h"
#include "engine/user_spec.h"
#include "input.h"

using boxlite::engine::Failure;
using boxlite::fuzz::Require;

namespace {

/// The number of bytes of the character at the front, 0 when it is none.
std::size_t Decode(const unsigned char* at) {
  if (at[0] < 0x80) return 1;
  const std::size_t size = at[0] >> 5 == 0x6 ? 2 : at[0] >> 4 == 0xe ? 3 : at[0] >> 3 == 0x1e ? 4 : 0;
  if (size == 0) return 0;
  constexpr unsigned kFirst[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned point = at[0] & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((at[i] & 0xc0) != 0x80) return 0;
    point = point << 6 | (at[i] & 0x3fU);
  }
  const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < kFirst[size] || point > 0x10ffff || is_surrogate ? 0 : size;
}

bool Decodes(const std::string& text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.c_str());
  while (*at != 0) {
    const auto size = Decode(at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  boxlite::fuzz::FuzzInput input(data, size);
  const std::string text = input.String();
  Require(boxlite::engine::IsUtf8(text.c_str()) == Decodes(text));
  Failure failure;
  const auto account = boxlite::engine::LookUpUser(input.String(), failure);
  Require(account.has_value() != static_cast<bool>(failure));
  return 0;
}
