#include "node/environment.h"

#include "node/execution.h"

namespace boxlite::node {

namespace {

using std::chrono::milliseconds;

// A call that an engine does not return from keeps its thread; the environment must end all the same.
constexpr milliseconds kThreadPatience{2000};
constexpr std::size_t kLookEvery = 8 * 1024 * 1024;

void Check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

}  // namespace

Environment::Environment(Napi::Env env) : env_(env) {
  napi_value name = Napi::String::New(env, "boxlite-ffi");
  Check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 1, 1, nullptr, nullptr, this,
                                             OnBell, &bell_));
  Check(env, napi_unref_threadsafe_function(env, bell_));
  delivery_->Open(bell_);
  Check(env, napi_add_env_cleanup_hook(env, OnCleanup, this));
}

void Environment::OnCleanup(void* data) {
  auto* self = static_cast<Environment*>(data);
  self->Shutdown();
  napi_release_threadsafe_function(self->bell_, napi_tsfn_abort);
}

void Environment::Shutdown() noexcept {
  if (std::exchange(down_, true)) return;
  delivery_->Shut();
  for (const auto& weak : sessions_) {
    if (auto session = weak.lock()) session->Close(milliseconds(0));
  }
  for (const auto& weak : executors_) {
    if (auto executor = weak.lock()) executor->Shutdown(kThreadPatience);
  }
}

void Environment::Hold() {
  if (held_++ == 0) napi_ref_threadsafe_function(env_, bell_);
}

void Environment::Release() {
  if (--held_ == 0) napi_unref_threadsafe_function(env_, bell_);
}

void Environment::GaveAway(std::size_t bytes) {
  given_away_ += bytes;
  if (given_away_ < kLookEvery) return;
  given_away_ = 0;
  void* data = nullptr;
  napi_value smallest{};
  napi_create_arraybuffer(env_, 1, &data, &smallest);
}

Execution* Environment::Find(const exec::Execution* execution) const {
  auto found = executions_.find(execution);
  return found == executions_.end() ? nullptr : found->second;
}

void Environment::Add(const std::shared_ptr<exec::Session>& session) {
  std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
  sessions_.push_back(session);
}

void Environment::Add(const std::shared_ptr<ffi::CallExecutor>& executor) {
  std::erase_if(executors_, [](const auto& weak) { return weak.expired(); });
  executors_.push_back(executor);
}

void Environment::OnBell(napi_env env, napi_value, void* context, void*) {
  auto* self = static_cast<Environment*>(context);
  if (env == nullptr || self->down_) return;
  self->DeliverAll();
}

void Environment::DeliverAll() {
  for (auto& item : delivery_->TakeAll()) {
    if (down_) return;
    napi_handle_scope scope{};
    if (napi_open_handle_scope(env_, &scope) != napi_ok) return;
    try {
      Deliver(item);
    } catch (const Napi::Error& error) {
      napi_fatal_exception(env_, error.Value());
    }
    napi_close_handle_scope(env_, scope);
  }
}

void Environment::Deliver(Delivery::Item& item) {
  if (auto* task = std::get_if<Delivery::Task>(&item)) return (*task)(*this);
  auto& execution = std::get<std::shared_ptr<exec::Execution>>(item);
  // Without a wrapper yet, the batch waits for the one who makes it.
  if (auto* wrapper = Find(execution.get())) wrapper->Deliver(execution->TakeBatch());
}

void Environment::Call(const Napi::FunctionReference& function, std::initializer_list<napi_value> arguments) {
  if (function.IsEmpty() || down_) return;
  napi_value ignored{};
  napi_value self{};
  if (napi_get_undefined(env_, &self) != napi_ok) return;
  if (napi_call_function(env_, self, function.Value(), arguments.size(), arguments.begin(), &ignored) !=
      napi_pending_exception) {
    return;
  }
  napi_value error{};
  if (napi_get_and_clear_last_exception(env_, &error) == napi_ok) napi_fatal_exception(env_, error);
}

Napi::Object Environment::PlainError(const ffi::Error& error) {
  Napi::Object plain = Napi::Error::New(env_, error.message).Value();
  plain.Set("errno", error.code);
  plain.Set("operation", error.operation);
  return plain;
}

Napi::Value Environment::ToJs(const ffi::Error& error) {
  if (error_factory_.IsEmpty()) return PlainError(error);
  return error_factory_.Call({Napi::Number::New(env_, error.code), Napi::String::New(env_, error.message),
                              Napi::String::New(env_, error.operation)});
}

}  // namespace boxlite::node
