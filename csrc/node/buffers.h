// Bytes between C++ and JavaScript.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>

#include "exec/gathering.h"
#include "exec/slab.h"

namespace boxlite::node {

/// A Buffer with the slab's bytes: a large slab is given away without a copy, a small one is copied.
Napi::Value ToBuffer(Napi::Env env, exec::Slab slab);

/// A Buffer with what was gathered, whose memory it takes. Throws ResourceExhausted where a Buffer can't hold
/// as much.
Napi::Value ToBuffer(Napi::Env env, exec::Gathering& gathered);

/// The bytes of a Uint8Array, valid during the call only. Throws InvalidArgument for anything else.
std::span<const std::uint8_t> ReadBytes(Napi::Value value, const std::string& name);

}  // namespace boxlite::node
