// From any thread onto the JavaScript thread: one wake-up, whatever happened.
#pragma once

#include <node_api.h>

#include <functional>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "exec/execution.h"

namespace boxlite::node {

class Environment;

/// Thread-safe; nothing blocks. Items are delivered in the order in which they came.
class Delivery final : public exec::Wakeup {
 public:
  using Task = std::function<void(Environment&)>;
  using Item = std::variant<std::shared_ptr<exec::Execution>, Task>;

  /// Starts ringing. JavaScript thread, once.
  void Open(napi_threadsafe_function bell);

  /// kLater: together with what comes next, which somebody else has to see to.
  enum class When { kNow, kLater };
  /// Something to run on the JavaScript thread; dropped, there or here, when the environment ends first.
  void Post(Task task, When when = When::kNow);
  void Notify(std::shared_ptr<exec::Execution> execution) override;
  /// Rings for what is there.
  void Ring();

  /// What is to be delivered now. JavaScript thread.
  std::vector<Item> TakeAll();

  /// Rings no more and drops everything. JavaScript thread. Idempotent.
  void Shut();

 private:
  void Push(Item item, When when);
  void RingLocked();

  std::mutex mutex_;  // guards everything below; held while ringing, so that Shut ends it
  std::vector<Item> items_;
  napi_threadsafe_function bell_ = nullptr;
  bool rung_ = false;
};

}  // namespace boxlite::node
