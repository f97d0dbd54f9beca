// The file in which a box outlives its runtime: any text is safe, and what is taken is written back the same.
#include "engine/box_record.h"
#include "input.h"

using namespace boxlite::engine;
using boxlite::fuzz::Require;

namespace {

/// CRC-32, from its definition, so that a fuzzer gets past the checksum and the checksum is checked.
std::uint32_t Crc32(const std::string& text) {
  std::uint32_t remainder = 0xFFFFFFFFU;
  for (unsigned char byte : text) {
    remainder ^= byte;
    for (int i = 0; i < 8; ++i)
      remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320U : remainder >> 1;
  }
  return remainder ^ 0xFFFFFFFFU;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((data[0] & 1) != 0) text += "end " + std::to_string(Crc32(text)) + "\n";
  BoxRecord record;
  std::string why;
  if (!ParseRecord(text, record, why)) {
    Require(!why.empty());
    return 0;
  }
  Require(IsBoxId(record.id));
  const std::string written = FormatRecord(record);
  BoxRecord again;
  Require(ParseRecord(written, again, why));
  Require(FormatRecord(again) == written);
  return 0;
}
