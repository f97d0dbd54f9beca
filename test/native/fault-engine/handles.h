// What the opaque handles of the ABI are here, and the boxes and runtimes behind them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "execution.h"
#include "queue.h"
#include "script.h"

namespace boxlite::fault {

struct Options {
  std::string image;
  std::string name;
  int cpus = 1;
  int memory_mib = 1024;
  bool auto_remove = true;
  std::optional<std::uint32_t> auto_delete;
  std::uint32_t auto_stop = 0;
  bool auto_resume = true;
  bool detach = false;
  bool poisoned = false;

  bool removes_on_stop() const { return auto_delete ? *auto_delete > 0 : auto_remove; }
};

/// One life of a box, from boot to stop. A handle is spent when its life is over; `get` gives the life that
/// is referred to, or a new one.
struct Life {
  bool over = false;
};

struct Box {
  std::string id;
  Options options;
  Script script;
  std::string status = "configured";
  std::weak_ptr<Life> life;
  int handles = 0;
  std::vector<std::weak_ptr<Execution>> executions;

  /// Ends what runs in it with −1, as a stop and a lost guest do.
  void EndExecutions();
  bool running() const { return status == "running"; }
};

struct Runtime {
  std::string home;
  Script script;
  std::shared_ptr<Queue> queue = std::make_shared<Queue>();
  std::vector<std::shared_ptr<Box>> boxes;
  int next_id = 1;
  bool shut_down = false;

  std::shared_ptr<Box> FindByName(const std::string& name) const;
  /// By id, name or the beginning of an id.
  std::shared_ptr<Box> Find(const std::string& id_or_name, Failure& failure) const;
  std::shared_ptr<Box> Create(Options options, Failure& failure);
  /// Explicitly, through a handle: later handles are fresh.
  void Stop(const std::shared_ptr<Box>& box);
  void Erase(const std::shared_ptr<Box>& box);
};

}  // namespace boxlite::fault

struct RuntimeHandle {
  std::shared_ptr<boxlite::fault::Runtime> runtime;
  boxlite::fault::Counted counted{"runtimes"};
};

struct BoxHandle {
  std::shared_ptr<boxlite::fault::Runtime> runtime;
  std::shared_ptr<boxlite::fault::Box> box;
  std::shared_ptr<boxlite::fault::Life> life;
  boxlite::fault::Counted counted{"boxes"};
};

struct ExecutionHandle {
  std::shared_ptr<boxlite::fault::Execution> execution;
  boxlite::fault::Counted counted{"executions"};
};

struct OptionsHandle {
  boxlite::fault::Options options;
  boxlite::fault::Counted counted{"options"};
};

struct AdvancedBoxOptionsHandle {
  bool poisoned = false;
  boxlite::fault::Counted counted{"advanced"};
};
