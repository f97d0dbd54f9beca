// A block of stream bytes that is filled at one end and handed over whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace boxlite::exec {

/// Owns its memory. Not thread-safe; may move between threads.
class Slab {
 public:
  Slab() = default;
  explicit Slab(std::size_t capacity)
      : data_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity)), capacity_(capacity) {}

  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return size() == 0; }
  std::size_t capacity() const { return capacity_; }
  std::size_t room() const { return capacity_ - end_; }
  std::span<const std::uint8_t> bytes() const { return {data_.get() + begin_, size()}; }

  /// Appends what there is room for and returns how much that was.
  std::size_t Append(std::span<const std::uint8_t> bytes);

  /// Where `room()` bytes can be written, followed by Grow.
  std::uint8_t* tail() { return data_.get() + end_; }
  void Grow(std::size_t bytes) { end_ += bytes; }
  void Consume(std::size_t bytes) { begin_ += bytes; }

  /// Gives the memory away; the bytes are those of `bytes()` before.
  std::unique_ptr<std::uint8_t[]> Release() {
    capacity_ = begin_ = end_ = 0;
    return std::move(data_);
  }

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace boxlite::exec
