// The bytes of a fuzzer, taken apart into strings and numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace boxlite::fuzz {

class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  bool empty() const { return size_ == 0; }

  std::uint8_t Byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }

  int Int() { return static_cast<int>(Word()); }

  double Double() {
    const std::uint64_t words = (std::uint64_t{Word()} << 32) | Word();
    double value = 0;
    std::memcpy(&value, &words, sizeof value);
    return value;
  }

  /// Up to the next zero byte: what a C string can be.
  std::string String() {
    std::string text;
    while (size_ > 0) {
      const auto byte = Byte();
      if (byte == 0) break;
      text.push_back(static_cast<char>(byte));
    }
    return text;
  }

 private:
  std::uint32_t Word() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) word = (word << 8) | Byte();
    return word;
  }

  const std::uint8_t* data_;
  std::size_t size_;
};

/// An array of C strings as the ABI takes one, in which some may be null. Its strings live as long as it.
class Strings {
 public:
  Strings(FuzzInput& input, int count) {
    for (int i = 0; i < count; ++i) {
      present_.push_back(input.Byte() != 0xff);
      texts_.push_back(present_.back() ? input.String() : "");
    }
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      pointers_.push_back(present_[i] ? texts_[i].c_str() : nullptr);
    }
  }

  const char* const* data() const { return pointers_.empty() ? nullptr : pointers_.data(); }
  int count() const { return static_cast<int>(pointers_.size()); }

 private:
  std::vector<bool> present_;
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

/// Ends the run: what must hold did not.
inline void Require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace boxlite::fuzz
