// What is kept of a box in a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/options.h"

namespace boxlite::engine {

struct BoxRecord {
  enum class Status { kConfigured, kRunning, kStopped };

  std::string id;
  std::int64_t created_at = 0;
  Status status = Status::kConfigured;
  /// The boot of the machine in which it was written: what ran in an earlier one does not run any more.
  std::string machine_boot;
  /// What a valid box can have of them; ports and the like are refused before.
  Options options;
};

/// Lines of words, and at the end a checksum, so that a part of a record is none.
std::string FormatRecord(const BoxRecord& record);

/// Reads what FormatRecord wrote; any text is safe. False, with the reason, for anything else.
bool ParseRecord(std::string_view text, BoxRecord& record, std::string& why);

/// Whether a text can be the id of a box: 12 letters or digits.
bool IsBoxId(std::string_view text);

}  // namespace boxlite::engine
