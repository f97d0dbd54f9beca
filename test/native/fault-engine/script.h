// The text by which a test says what an engine does: faults of its calls, and steps of an execution.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "failure.h"
#include "world.h"

namespace boxlite::fault {

/// What goes wrong with one call.
struct Fault {
  /// The call itself fails: what it returns, and what the error struct says beside it.
  std::optional<Failure> returned;
  int struct_code = 0;
  /// The call returns Ok and its callback fails.
  std::optional<Failure> answered;
  /// The call, or for a posted one its answer, is held.
  std::optional<Until> hold;
  /// The callback gets a NULL payload and no error.
  bool null = false;
  /// The callback comes twice.
  bool twice = false;
};

/// One thing that an execution does; README.md lists them.
struct Step {
  enum class Verb : std::uint8_t {
    kChunk,
    kFlood,
    kEcho,
    kShow,
    kWait,
    kWaitAgain,
    kExit,
    kEnd,
    kHold,
    kRelease,
    kThread,
    kStopBox,
    kDrainFails,
    kDrainHolds,
    kDrainEnds,
    kQueueFull,
    kClearLog,
  };
  Verb verb;
  int stream = BOXLITE_STREAM_STDOUT;
  std::optional<std::string> text{};
  std::uint64_t count = 1;
  std::size_t size = 0;
  int code = 0;
  Failure failure{};
  Until until{};
};

struct Script {
  std::map<std::string, Fault, std::less<>> faults;
  std::vector<Step> steps;
  /// Plays to its end inside box_exec, before anybody can register a callback.
  bool early = false;
  /// A KILL changes nothing: only the script ends it.
  bool ignores_kill = false;
  /// Goes on after the execution was freed.
  bool outlives = false;
  /// Holds for a signal: then one other than KILL does not end it.
  bool traps_signals = false;

  /// The fault of one call; nothing of it where the script does not speak of the call.
  const Fault& FaultOf(std::string_view call) const;
};

/// Reads a script; `error` says what was not understood, and where.
bool Parse(std::string_view text, Script& script, std::string& error);

/// Reads the script of a box or a runtime from what names its image or home: only "fault: …" is one.
bool ParseNamed(std::string_view text, Script& script, std::string& error);

}  // namespace boxlite::fault
