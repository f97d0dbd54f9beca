// How C++ makes JavaScript objects that only it can make.
#pragma once

#include <napi.h>

#include <utility>

#include "node/arguments.h"

namespace boxlite::node {

inline constexpr napi_type_tag kSeedTag = {0x6f1d2c0b84a94be1ULL, 0x9c1f6a5be1d3720dULL};

/// What a constructor gets from `Construct`.
template <class Seed>
Seed& TakeSeed(const Napi::CallbackInfo& info) {
  if (info.Length() != 1 || !info[0].IsExternal() ||
      !info[0].As<Napi::External<Seed>>().CheckTypeTag(&kSeedTag)) {
    ThrowInvalidArgument(info.Env(), "this class has no public constructor");
  }
  return *info[0].As<Napi::External<Seed>>().Data();
}

/// Makes an object of a class of ours. The seed lives during the constructor only.
template <class Seed>
Napi::Object Construct(const Napi::FunctionReference& constructor, Seed seed) {
  auto external = Napi::External<Seed>::New(constructor.Env(), &seed);
  external.TypeTag(&kSeedTag);
  return constructor.New({external});
}

}  // namespace boxlite::node
