// What all of the fault engine shares: one lock, named gates, a log of calls, counts of living handles.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace boxlite::fault {

/// Until when something is held: until a gate of that name is released, or for a time.
struct Until {
  std::string gate;
  std::chrono::milliseconds time{0};
};

/// One lock and one condition for everything: a schedule is easier to force than to keep apart, and nothing
/// here has to be fast.
struct World {
  std::mutex mutex;  // guards everything here and in every queue, box and execution; never held in a callback
  std::condition_variable changed;
  std::set<std::string> released;
  std::string log;
  std::map<std::string, int> living;
};
using Lock = std::unique_lock<std::mutex>;

/// Never destroyed: threads of the engine may still run while the process exits.
World& TheWorld();

inline Lock Enter() { return Lock(TheWorld().mutex); }

/// Opens a gate for ever. Under the lock.
void Release(const std::string& gate);

/// Waits for a gate or a time, or until `cancelled` says so. Under the lock, which it lets go meanwhile.
template <class Cancelled>
void WaitUntil(Lock& lock, const Until& until, Cancelled cancelled) {
  World& world = TheWorld();
  if (until.gate.empty()) {
    world.changed.wait_for(lock, until.time, cancelled);
  } else {
    world.changed.wait(lock, [&] { return world.released.contains(until.gate) || cancelled(); });
  }
}

/// Adds a line to the log of calls. Under the lock.
void Note(const std::string& line);

/// Counts the handles of one kind. Under the lock.
class Counted {
 public:
  explicit Counted(const char* kind) : kind_(kind) { ++TheWorld().living[kind_]; }
  ~Counted() { --TheWorld().living[kind_]; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  const char* kind_;
};

/// "boxes 1\nexecutions 0\n…": what was handed out and not freed. Under the lock.
std::string Living();

}  // namespace boxlite::fault
