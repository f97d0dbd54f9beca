#include "node/box.h"

#include "node/execution.h"
#include "node/promises.h"
#include "node/records.h"
#include "node/wrapping.h"

namespace boxlite::node {

Napi::Function Box::Define(Napi::Env env) {
  return DefineClass(env, "NativeBox",
                     {InstanceAccessor<&Box::Id>("id"), InstanceMethod<&Box::Start>("start"),
                      InstanceMethod<&Box::Stop>("stop"), InstanceMethod<&Box::Info>("info"),
                      InstanceMethod<&Box::Metrics>("metrics"), InstanceMethod<&Box::CopyIn>("copyIn"),
                      InstanceMethod<&Box::CopyOut>("copyOut"), InstanceMethod<&Box::Exec>("exec"),
                      InstanceMethod<&Box::Free>("free"), InstanceMethod<&Box::GiveBack>("giveBack")});
}

Box::Box(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Box>(info) {
  auto& seed = TakeSeed<Seed>(info);
  lease_ = std::move(seed.lease);
  box_ = std::move(seed.box);
}

Napi::Value Box::Id(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), box_->id()); }

Napi::Value Box::Start(const Napi::CallbackInfo& info) {
  return Promised<ffi::Unit>(
      Environment::Of(info.Env()), [&](auto done) { box_->Start(std::move(done)); }, ToUndefined);
}

Napi::Value Box::Stop(const Napi::CallbackInfo& info) {
  return Promised<ffi::Unit>(
      Environment::Of(info.Env()), [&](auto done) { box_->Stop(std::move(done)); }, ToUndefined);
}

Napi::Value Box::Info(const Napi::CallbackInfo& info) {
  return Promised<ffi::BoxInfo>(
      Environment::Of(info.Env()), [&](auto done) { box_->Info(std::move(done)); },
      [](Environment& env, auto& found) -> Napi::Value { return ToJs(env.env(), found); });
}

Napi::Value Box::Metrics(const Napi::CallbackInfo& info) {
  return Promised<ffi::BoxMetrics>(
      Environment::Of(info.Env()), [&](auto done) { box_->Metrics(std::move(done)); },
      [](Environment& env, auto& metrics) -> Napi::Value { return ToJs(env.env(), metrics); });
}

Napi::Value Box::CopyIn(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto host_path = ReadString(info[0], "hostPath");
    auto box_path = ReadString(info[1], "boxPath");
    auto flags = ToCopyFlags(info[2]);
    return Promised<ffi::Unit>(
        Environment::Of(info.Env()),
        [&](auto done) { box_->CopyIn(host_path, box_path, flags, std::move(done)); }, ToUndefined);
  });
}

Napi::Value Box::CopyOut(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto box_path = ReadString(info[0], "boxPath");
    auto host_path = ReadString(info[1], "hostPath");
    auto flags = ToCopyFlags(info[2]);
    return Promised<ffi::Unit>(
        Environment::Of(info.Env()),
        [&](auto done) { box_->CopyOut(box_path, host_path, flags, std::move(done)); }, ToUndefined);
  });
}

Napi::Value Box::Exec(const Napi::CallbackInfo& info) {
  return Rejecting(info.Env(), [&]() -> Napi::Value {
    auto arguments = ToExecArguments(Record(ReadObject(info[0], "command"), ""));
    using Started = std::shared_ptr<exec::Execution>;
    auto start = [&](ffi::Completion<Started> done) {
      lease_->session().Exec(box_, std::move(arguments.command), arguments.max_buffered, std::move(done));
    };
    auto convert = [lease = lease_](Environment& env, Started& execution) -> Napi::Value {
      return Construct(env.execution_class, Execution::Seed{lease, execution});
    };
    // The execution rings in time, unless it did before anybody here knew of it.
    std::function<bool(const Started&)> may_wait;
    if (arguments.command.quiet_start)
      may_wait = [](const Started& execution) { return !execution->notified(); };
    return Promised<Started>(Environment::Of(info.Env()), start, convert, std::move(may_wait));
  });
}

void Box::Free(const Napi::CallbackInfo&) { box_->Release(); }

Napi::Value Box::GiveBack(const Napi::CallbackInfo& info) {
  return Promised<ffi::Unit>(
      Environment::Of(info.Env()), [&](auto done) { box_->ReleaseThen(std::move(done)); }, ToUndefined);
}

}  // namespace boxlite::node
