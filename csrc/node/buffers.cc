#include "node/buffers.h"

#include "node/arguments.h"
#include "node/environment.h"

namespace boxlite::node {

namespace {

// Below this a copy costs less than an external buffer and its finalizer.
constexpr std::size_t kWorthGivingAway = 32 * 1024;

template <bool kPooled>
void FreeMemory(napi_env, void*, void* memory) {
  exec::ReturnMemory{kPooled}(static_cast<std::uint8_t*>(memory));
}

}  // namespace

Napi::Value ToBuffer(Napi::Env env, exec::Slab slab) {
  const auto bytes = slab.bytes();
  napi_value buffer{};
  if (bytes.size() >= kWorthGivingAway && bytes.size() >= slab.capacity() / 2) {
    auto* data = const_cast<std::uint8_t*>(bytes.data());
    auto memory = slab.Release();
    auto free = memory.get_deleter().pooled ? FreeMemory<true> : FreeMemory<false>;
    if (napi_create_external_buffer(env, bytes.size(), data, free, memory.get(), &buffer) == napi_ok) {
      (void)memory.release();
      Environment::Of(env).GaveAway(bytes.size());
      return {env, buffer};
    }
    // Some runtimes allow no external buffers.
    return Napi::Buffer<std::uint8_t>::Copy(env, data, bytes.size());
  }
  return Napi::Buffer<std::uint8_t>::Copy(env, bytes.data(), bytes.size());
}

std::span<const std::uint8_t> ReadBytes(Napi::Value value, const std::string& name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    ThrowInvalidArgument(value.Env(), name + " must be a Uint8Array");
  }
  auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

}  // namespace boxlite::node
