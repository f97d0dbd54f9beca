// The bytes of one stream that came and were not read: in memory up to a bound, then in a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <span>

#include "exec/slab.h"
#include "exec/spill_file.h"

namespace boxlite::exec {

/// First in, first out. Not thread-safe: its owner's lock guards it, but the file is read without that lock
/// (see Front).
class Spool {
 public:
  explicit Spool(std::size_t memory_bound) : memory_bound_(memory_bound) {}

  std::uint64_t size() const { return in_memory_ + (file_ ? file_->unread() : 0); }
  bool empty() const { return size() == 0; }
  std::size_t in_memory() const { return in_memory_; }

  /// Copies bytes in. False when they had to go to disk and the disk refused: some of them are lost.
  bool Append(std::span<const std::uint8_t> bytes);

  /// Takes at most `max` bytes out of memory; empty when there are none in memory.
  Slab TakeFromMemory(std::size_t max);

  /// What must be read from the file next, once memory is empty: read it without the lock, then call
  /// ConsumeFile. One reader at a time.
  struct FileRange {
    std::shared_ptr<const SpillFile> file;  // null when there is nothing in a file
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  FileRange NextInFile(std::size_t max) const;
  void ConsumeFile(std::size_t bytes);

  /// Drops everything and gives memory and file back.
  void Clear();

 private:
  bool AppendToFile(std::span<const std::uint8_t> bytes);
  void AppendToMemory(std::span<const std::uint8_t> bytes);

  const std::size_t memory_bound_;
  // Not a deque, which takes 600 bytes when it is empty, and most spools are.
  std::list<Slab> slabs_;
  std::size_t in_memory_ = 0;
  // All bytes in it came after those in memory.
  std::shared_ptr<SpillFile> file_;
};

}  // namespace boxlite::exec
