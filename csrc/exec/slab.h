// A block of stream bytes that is filled at one end and handed over whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "exec/slab_pool.h"

namespace boxlite::exec {

/// Gives the memory of a slab back to where it came from.
struct ReturnMemory {
  bool pooled = false;
  void operator()(std::uint8_t* memory) const noexcept {
    if (pooled) return slab_pool::Give(memory);
    std::default_delete<std::uint8_t[]>()(memory);
  }
};
using SlabMemory = std::unique_ptr<std::uint8_t[], ReturnMemory>;

/// Owns its memory. Not thread-safe; may move between threads.
class Slab {
 public:
  Slab() = default;
  explicit Slab(std::size_t capacity)
      : data_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity).release()), capacity_(capacity) {}
  /// One of slab_pool::kBlockBytes.
  static Slab Pooled() {
    Slab slab;
    slab.data_ = SlabMemory(slab_pool::Take(), ReturnMemory{true});
    slab.capacity_ = slab_pool::kBlockBytes;
    return slab;
  }

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
  SlabMemory Release() {
    capacity_ = begin_ = end_ = 0;
    return std::move(data_);
  }

 private:
  SlabMemory data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace boxlite::exec
