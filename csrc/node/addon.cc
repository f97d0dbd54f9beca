// Registers what lib/native/addon.ts types.
#include <napi.h>

#include "node/arguments.h"
#include "node/box.h"
#include "node/environment.h"
#include "node/execution.h"
#include "node/records.h"
#include "node/runtime.h"

namespace boxlite::node {

namespace {

void Configure(const Napi::CallbackInfo& info) {
  Environment::Of(info.Env()).SetErrorFactory(ReadFunction(info[0], "factory"));
}

Napi::Value EngineVersion(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), ffi::Library::OpenEmbedded()->version());
}

Napi::Value Coverage(const Napi::CallbackInfo& info) { return AbiCoverage(info.Env()); }

void Shutdown(const Napi::CallbackInfo& info) { Environment::Of(info.Env()).Shutdown(); }

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* environment = new Environment(env);
  env.SetInstanceData(environment);
  environment->runtime_class = Napi::Persistent(Runtime::Define(env));
  environment->box_class = Napi::Persistent(Box::Define(env));
  environment->execution_class = Napi::Persistent(Execution::Define(env));
  exports.Set("configure", Napi::Function::New<Configure>(env, "configure"));
  exports.Set("openRuntime", Napi::Function::New<&Runtime::Open>(env, "openRuntime"));
  exports.Set("engineVersion", Napi::Function::New<EngineVersion>(env, "engineVersion"));
  exports.Set("abiCoverage", Napi::Function::New<Coverage>(env, "abiCoverage"));
  exports.Set("shutdown", Napi::Function::New<Shutdown>(env, "shutdown"));
  return exports;
}

}  // namespace

NODE_API_MODULE(boxlite_ffi, Init)

}  // namespace boxlite::node
