// The class Box of the addon.
#pragma once

#include <napi.h>

#include <memory>

#include "node/lease.h"

namespace boxlite::node {

/// See NativeBox in lib/native/addon.ts.
class Box final : public Napi::ObjectWrap<Box> {
 public:
  struct Seed {
    std::shared_ptr<Lease> lease;
    std::shared_ptr<ffi::Box> box;
  };

  static Napi::Function Define(Napi::Env env);

  explicit Box(const Napi::CallbackInfo& info);

 private:
  Napi::Value Id(const Napi::CallbackInfo& info);
  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Stop(const Napi::CallbackInfo& info);
  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Metrics(const Napi::CallbackInfo& info);
  Napi::Value CopyIn(const Napi::CallbackInfo& info);
  Napi::Value CopyOut(const Napi::CallbackInfo& info);
  Napi::Value Exec(const Napi::CallbackInfo& info);
  void Free(const Napi::CallbackInfo& info);

  std::shared_ptr<Lease> lease_;
  std::shared_ptr<ffi::Box> box_;
};

}  // namespace boxlite::node
