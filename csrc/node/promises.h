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
/// JavaScript value, on the JavaScript thread. Keeps the event loop alive until it is settled.
/// `may_wait`, if there is one: whether a success need not be told before something else is that it will see
/// to; asked when that can no longer be missed.
template <class Value, class Start, class Convert>
Napi::Promise Promised(Environment& environment, Start start, Convert convert,
                       std::function<bool(const Value&)> may_wait = nullptr) {
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
  start(
      [delivery = environment.delivery(), settle, may_wait = std::move(may_wait)](ffi::Result<Value> result) {
        auto shared = std::make_shared<ffi::Result<Value>>(std::move(result));
        auto tell = [settle, shared](Environment& env) { settle(env, *shared); };
        if (!may_wait || !shared->ok()) return delivery->Post(tell);
        const Value value = shared->value();
        delivery->Post(tell, Delivery::When::kLater);
        if (!may_wait(value)) delivery->Ring();
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
