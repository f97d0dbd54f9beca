#include "engine/usage.h"

#include <algorithm>

namespace boxlite::engine {

namespace {

// The kernel counts in hundredths of a second: less would be noise.
constexpr std::chrono::milliseconds kShortest{200};

}  // namespace

double Usage::MeasureCpu(double living_seconds, Clock::time_point now) {
  const double total = ended_cpu_seconds + living_seconds;
  if (!cpu) cpu = CpuMark{now, total, 0};
  const auto elapsed = now - cpu->at;
  if (elapsed < kShortest) return cpu->percent;
  // What strangers have reaped is gone from the sum, which must not fall for it.
  const double used = std::max(0.0, total - cpu->seconds);
  const double percent = 100 * used / std::chrono::duration<double>(elapsed).count();
  cpu = CpuMark{now, std::max(total, cpu->seconds), percent};
  return percent;
}

}  // namespace boxlite::engine
