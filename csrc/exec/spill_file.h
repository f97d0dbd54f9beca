// Bytes that wait on disk: an unlinked temporary file, written at its end and read from its start.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace boxlite::exec {

/// Not thread-safe, except that ReadAt may run beside Append.
class SpillFile {
 public:
  /// Creates a file without a name in TMPDIR, or /tmp. Null where none can be made.
  static std::unique_ptr<SpillFile> Create();
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Bytes that were written and not consumed.
  std::uint64_t unread() const { return write_offset_ - read_offset_; }
  std::uint64_t read_offset() const { return read_offset_; }

  /// False when the disk refuses; the bytes before stay readable.
  bool Append(std::span<const std::uint8_t> bytes);

  /// Fills `out` from `offset`; false when the file can't be read.
  bool ReadAt(std::uint64_t offset, std::span<std::uint8_t> out) const;

  /// Counts bytes as read; a file that was read to its end starts again and gives its blocks back.
  void Consume(std::uint64_t bytes);

 private:
  explicit SpillFile(int fd) : fd_(fd) {}

  const int fd_;
  std::uint64_t read_offset_ = 0;
  std::uint64_t write_offset_ = 0;
};

}  // namespace boxlite::exec
