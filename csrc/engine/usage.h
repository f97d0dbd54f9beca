// What a box has used so far.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/event_loop.h"

namespace boxlite::engine {

/// Shared by a box and its processes. Under the loop's lock. Counters never fall.
struct Usage {
  int commands = 0;
  int exec_errors = 0;
  std::int64_t bytes_in = 0;   // taken by standard inputs
  std::int64_t bytes_out = 0;  // read from standard outputs and errors
  double ended_cpu_seconds = 0;
  std::chrono::milliseconds create_time{0};
  std::chrono::milliseconds boot_time{0};

  /// The last measurement of the processor; the first one is the boot.
  struct CpuMark {
    Clock::time_point at;
    double seconds = 0;
    double percent = 0;
  };
  std::optional<CpuMark> cpu;

  /// The share of one processor since the last measurement, in percent; 200 are two processors. One that
  /// comes too soon for the clock of the kernel gives the last share again. `living`: cpu seconds of what
  /// runs.
  double MeasureCpu(double living_seconds, Clock::time_point now);
};

}  // namespace boxlite::engine
