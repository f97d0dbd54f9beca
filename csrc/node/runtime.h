// The class Runtime of the addon.
#pragma once

#include <napi.h>

#include <memory>

#include "node/lease.h"

namespace boxlite::node {

/// See NativeRuntime in lib/native/addon.ts.
class Runtime final : public Napi::ObjectWrap<Runtime> {
 public:
  using Seed = std::shared_ptr<Lease>;

  static Napi::Function Define(Napi::Env env);
  /// openRuntime(options)
  static Napi::Value Open(const Napi::CallbackInfo& info);

  explicit Runtime(const Napi::CallbackInfo& info);

 private:
  Napi::Value Engine(const Napi::CallbackInfo& info);
  Napi::Value CreateBox(const Napi::CallbackInfo& info);
  Napi::Value GetOrCreateBox(const Napi::CallbackInfo& info);
  Napi::Value Get(const Napi::CallbackInfo& info);
  Napi::Value GetInfo(const Napi::CallbackInfo& info);
  Napi::Value ListInfo(const Napi::CallbackInfo& info);
  Napi::Value Remove(const Napi::CallbackInfo& info);
  Napi::Value Metrics(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  ffi::Runtime& runtime() const { return lease_->session().runtime(); }

  std::shared_ptr<Lease> lease_;
};

}  // namespace boxlite::node
