// What belongs to one JavaScript environment: the main thread's, or a worker's.
#pragma once

#include <napi.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "exec/session.h"
#include "node/delivery.h"

namespace boxlite::node {

class Execution;

/// Instance data of the addon. JavaScript thread only.
///
/// Rules:
///  1. No C++ exception leaves the wake-up: a worker that is being terminated makes every call fail.
///  2. Teardown is one function and may run twice: from the 'exit' listener of lib/, then from the clean-up
///     hook, which was added after the wake-up was made and so runs before Node destroys it.
class Environment {
 public:
  explicit Environment(Napi::Env env);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static Environment& Of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Napi::Env env() const { return env_; }
  const std::shared_ptr<Delivery>& delivery() const { return delivery_; }
  bool down() const { return down_; }

  /// How failures become JavaScript errors; without it they become plain ones with `errno`.
  void SetErrorFactory(Napi::Function factory) { error_factory_ = Napi::Persistent(factory); }
  Napi::Value ToJs(const ffi::Error& error);

  /// The event loop stays alive while something is pending: each Hold needs its Release.
  void Hold();
  void Release();

  /// Memory that now belongs to Buffers. V8 looks only where it allocates some itself whether young ones hold
  /// so much that a quick collection pays; without that it lets them pile up until it must do a full one.
  void GaveAway(std::size_t bytes);

  /// Executions by address, for delivery; the wrapper takes itself out when it dies.
  void Add(const exec::Execution* execution, Execution* wrapper) { executions_[execution] = wrapper; }
  void Remove(const exec::Execution* execution) { executions_.erase(execution); }
  Execution* Find(const exec::Execution* execution) const;

  /// Remembered for teardown.
  void Add(const std::shared_ptr<exec::Session>& session);
  void Add(const std::shared_ptr<ffi::CallExecutor>& executor);

  /// Ends everything: executions, sessions, threads. Blocks for a short while. Idempotent.
  void Shutdown() noexcept;

  /// Calls a JavaScript function; what it throws becomes an uncaught exception, as in any event listener.
  void Call(const Napi::FunctionReference& function, std::initializer_list<napi_value> arguments);

  Napi::FunctionReference runtime_class;
  Napi::FunctionReference box_class;
  Napi::FunctionReference execution_class;

 private:
  static void OnBell(napi_env env, napi_value, void* context, void*);
  static void OnCleanup(void* self);
  void DeliverAll();
  void Deliver(Delivery::Item& item);
  Napi::Object PlainError(const ffi::Error& error);

  const Napi::Env env_;
  const std::shared_ptr<Delivery> delivery_ = std::make_shared<Delivery>();
  napi_threadsafe_function bell_ = nullptr;
  Napi::FunctionReference error_factory_;
  std::unordered_map<const exec::Execution*, Execution*> executions_;
  std::vector<std::weak_ptr<exec::Session>> sessions_;
  std::vector<std::weak_ptr<ffi::CallExecutor>> executors_;
  int held_ = 0;
  std::size_t given_away_ = 0;  // since V8 was last made to look
  bool down_ = false;
};

}  // namespace boxlite::node
