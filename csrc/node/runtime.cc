#include "node/runtime.h"

#include "node/box.h"
#include "node/promises.h"
#include "node/records.h"
#include "node/wrapping.h"

namespace boxlite::node {

namespace {

using ffi::Completion;
using std::chrono::milliseconds;

constexpr std::int64_t kMaxTimeoutMs = std::int64_t{1} << 31;

Record ReadRecord(Napi::Value value, const char* name) { return {ReadObject(value, name), ""}; }

Napi::Object WrapBox(Environment& environment, const std::shared_ptr<Lease>& lease,
                     std::shared_ptr<ffi::Box> box) {
  return Construct(environment.box_class, Box::Seed{lease, std::move(box)});
}

}  // namespace

Napi::Function Runtime::Define(Napi::Env env) {
  return DefineClass(
      env, "NativeRuntime",
      {InstanceAccessor<&Runtime::Engine>("engine"), InstanceMethod<&Runtime::CreateBox>("createBox"),
       InstanceMethod<&Runtime::GetOrCreateBox>("getOrCreateBox"), InstanceMethod<&Runtime::Get>("get"),
       InstanceMethod<&Runtime::GetInfo>("getInfo"), InstanceMethod<&Runtime::ListInfo>("listInfo"),
       InstanceMethod<&Runtime::Remove>("remove"), InstanceMethod<&Runtime::Metrics>("metrics"),
       InstanceMethod<&Runtime::Close>("close")});
}

Runtime::Runtime(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<Runtime>(info), lease_(TakeSeed<Seed>(info)) {}

Napi::Value Runtime::Open(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto& environment = Environment::Of(info.Env());
    auto given = info[0].IsUndefined() ? Napi::Object::New(info.Env()) : info[0];
    auto options = ToRuntimeOptions(ReadRecord(given, "options"));
    using Opened = std::shared_ptr<exec::Session>;
    auto start = [&](Completion<Opened> done) {
      auto executor = std::make_shared<ffi::CallExecutor>();
      environment.Add(executor);
      executor->Submit([executor, options, done, delivery = environment.delivery()] {
        auto runtime = ffi::Runtime::Open(options, executor);
        if (!runtime.ok()) return done(runtime.error());
        done(exec::Session::Create(runtime.value(), delivery));
      });
    };
    auto convert = [](Environment& env, Opened& session) -> Napi::Value {
      env.Add(session);
      return Construct(env.runtime_class, std::make_shared<Lease>(session));
    };
    return Promised<Opened>(environment, start, convert);
  });
}

Napi::Value Runtime::Engine(const Napi::CallbackInfo& info) { return ToJs(info.Env(), *runtime().library()); }

Napi::Value Runtime::CreateBox(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto options = ToBoxOptions(ReadRecord(info[0], "options"));
    return Promised<std::shared_ptr<ffi::Box>>(
        Environment::Of(info.Env()), [&](auto done) { runtime().CreateBox(options, std::move(done)); },
        [lease = lease_](Environment& env, auto& box) -> Napi::Value { return WrapBox(env, lease, box); });
  });
}

Napi::Value Runtime::GetOrCreateBox(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto options = ToBoxOptions(ReadRecord(info[0], "options"));
    return Promised<ffi::Runtime::Created>(
        Environment::Of(info.Env()), [&](auto done) { runtime().GetOrCreateBox(options, std::move(done)); },
        [lease = lease_](Environment& env, auto& created) -> Napi::Value {
          auto object = Napi::Object::New(env.env());
          object.Set("box", WrapBox(env, lease, created.box));
          object.Set("created", created.created);
          return object;
        });
  });
}

Napi::Value Runtime::Get(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto id_or_name = ReadString(info[0], "idOrName");
    return Promised<std::shared_ptr<ffi::Box>>(
        Environment::Of(info.Env()), [&](auto done) { runtime().Get(id_or_name, std::move(done)); },
        [lease = lease_](Environment& env, auto& box) -> Napi::Value { return WrapBox(env, lease, box); });
  });
}

Napi::Value Runtime::GetInfo(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto id_or_name = ReadString(info[0], "idOrName");
    return Promised<ffi::BoxInfo>(
        Environment::Of(info.Env()), [&](auto done) { runtime().GetInfo(id_or_name, std::move(done)); },
        [](Environment& env, auto& found) -> Napi::Value { return ToJs(env.env(), found); });
  });
}

Napi::Value Runtime::ListInfo(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    return Promised<std::vector<ffi::BoxInfo>>(
        Environment::Of(info.Env()), [&](auto done) { runtime().ListInfo(std::move(done)); },
        [](Environment& env, auto& infos) -> Napi::Value {
          auto array = Napi::Array::New(env.env(), infos.size());
          for (std::uint32_t i = 0; i < infos.size(); ++i) array.Set(i, ToJs(env.env(), infos[i]));
          return array;
        });
  });
}

Napi::Value Runtime::Remove(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto id_or_name = ReadString(info[0], "idOrName");
    const bool force = ReadBool(info[1], "force");
    return Promised<ffi::Unit>(
        Environment::Of(info.Env()), [&](auto done) { runtime().Remove(id_or_name, force, std::move(done)); },
        ToUndefined);
  });
}

Napi::Value Runtime::Metrics(const Napi::CallbackInfo& info) {
  return Promised<ffi::RuntimeMetrics>(
      Environment::Of(info.Env()), [&](auto done) { runtime().Metrics(std::move(done)); },
      [](Environment& env, auto& metrics) -> Napi::Value { return ToJs(env.env(), metrics); });
}

Napi::Value Runtime::Close(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    std::optional<milliseconds> timeout;
    if (!info[0].IsUndefined()) timeout = milliseconds(ReadInt(info[0], "timeoutMs", 0, kMaxTimeoutMs));
    auto start = [&](Completion<ffi::Unit> done) {
      auto close = [lease = lease_, timeout, done] { done(lease->session().Close(timeout)); };
      if (!runtime().executor()->Submit(close)) done(ffi::Unit{});
    };
    return Promised<ffi::Unit>(Environment::Of(info.Env()), start, ToUndefined);
  });
}

}  // namespace boxlite::node
