// Memory for a value of unknown size: it grows by moving its pages, so nothing in it is ever copied again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace boxlite::exec {

/// Not thread-safe; may move between threads.
class GatherMemory {
 public:
  GatherMemory() = default;
  ~GatherMemory() { Unmap(base_, mapped_); }
  GatherMemory(GatherMemory&& other) noexcept { Swap(other); }
  GatherMemory& operator=(GatherMemory&& other) noexcept {
    Swap(other);
    return *this;
  }

  std::size_t size() const { return size_; }
  std::span<const std::uint8_t> bytes() const { return {base_, size_}; }

  /// Appends, but never past `most` bytes in all. False when that is passed or the machine has no more memory
  /// to give: nothing was appended then.
  bool Append(std::span<const std::uint8_t> bytes, std::size_t most);

  /// What was mapped, to be given to Unmap; the bytes are those of `bytes()` before. Unused pages go back.
  std::span<std::uint8_t> Release();
  static void Unmap(std::uint8_t* base, std::size_t mapped) noexcept;

 private:
  bool Grow(std::size_t least, std::size_t most);
  bool Map(std::size_t bytes);
  void Advise();
  /// Has the kernel give the pages for so many more bytes at once, which takes half as long as a fault each.
  void TouchNext(std::size_t bytes);
  void Swap(GatherMemory& other) noexcept;

  std::uint8_t* base_ = nullptr;
  std::size_t mapped_ = 0;
  std::size_t size_ = 0;
  bool huge_pages_ = true;
};

}  // namespace boxlite::exec
