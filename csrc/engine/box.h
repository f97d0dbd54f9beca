// A box: a record, and the processes that were started in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/options.h"
#include "engine/process.h"
#include "engine/saving.h"
#include "engine/usage.h"

namespace boxlite::engine {

enum class BoxStatus { kConfigured, kRunning, kStopping, kStopped, kRemoved };

/// Under the lock of its runtime's loop.
struct Box {
  std::string id;
  Options options;
  BoxStatus status = BoxStatus::kConfigured;
  std::int64_t created_at = 0;
  /// Counts stops: a handle of an earlier epoch is spent.
  std::uint64_t epoch = 0;
  int handles = 0;
  bool ever_ran = false;
  /// It ran when its runtime was opened: what is in it was started by an earlier one.
  bool outlived_its_runtime = false;
  /// The last write of its record; null where none is kept.
  std::shared_ptr<Saving> saving;
  const std::shared_ptr<Usage> usage = std::make_shared<Usage>();
  std::vector<std::weak_ptr<Process>> processes;

  /// Those that still run; forgets the others.
  std::vector<std::shared_ptr<Process>> Running();
  /// Whether the one that was started last still runs.
  bool LastStartedRuns() const;
};

/// "running" and so on.
const char* StatusName(BoxStatus status);

/// For a callback; freed by boxlite_free_box_info. Null when there is no memory.
CBoxInfo* NewInfo(const Box& box);
void FillInfo(CBoxInfo& info, const Box& box);
void ClearInfo(CBoxInfo& info);

/// 12 characters of 62.
std::string NewBoxId();

}  // namespace boxlite::engine
