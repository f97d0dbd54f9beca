// Operations that answer later, as promises.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <utility>

#include "ffi/posted_calls.h"
#include "node/environment.h"

namespace boxlite::node {

inline Napi::Value ToUndefined(Environment& environment, ffi::Unit&) { return environment.env().Undefined(); }

/// A promise for an operation: `start(completion)` begins it, and `convert(environment, value)` makes the
/// JavaScript value, on the JavaScript thread. Keeps the event loop alive until it is settled. `ring`:
/// whether a success is worth a wake-up of its own.
template <class Value, class Start, class Convert>
Napi::Promise Promised(Environment& environment, Start start, Convert convert,
                       Delivery::Ring ring = Delivery::Ring::kNow) {
  auto deferred = Napi::Promise::Deferred::New(environment.env());
  environment.Hold();
  auto settle = [deferred, convert](Environment& env, ffi::Result<Value>& result) {
    env.Release();
    if (result.ok()) {
      deferred.Resolve(convert(env, result.value()));
    } else {
      deferred.Reject(env.ToJs(result.error()));
    }
  };
  start([delivery = environment.delivery(), settle, ring](ffi::Result<Value> result) {
    auto shared = std::make_shared<ffi::Result<Value>>(std::move(result));
    delivery->Post([settle, shared](Environment& env) { settle(env, *shared); },
                   shared->ok() ? ring : Delivery::Ring::kNow);
  });
  return deferred.Promise();
}

/// Runs a method that returns a promise; what it throws, as a bad argument, becomes a rejection.
template <class Method>
Napi::Value Rejecting(Napi::Env env, Method method) {
  try {
    return method();
  } catch (const Napi::Error& error) {
    auto deferred = Napi::Promise::Deferred::New(env);
    deferred.Reject(error.Value());
    return deferred.Promise();
  }
}

}  // namespace boxlite::node
