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

/// Whether a refused external buffer has left its memory with us: some runtimes allow none, and an
/// environment that ends makes nothing. In all other failures Node has it, and gives it back to the
/// finalizer.
bool IsStillOurs(napi_status status) {
  return status == napi_no_external_buffers_allowed || status == napi_pending_exception ||
         status == napi_cannot_run_js;
}

[[noreturn]] void ThrowTooLarge(Napi::Env env, std::size_t size) {
  if (env.IsExceptionPending()) env.GetAndClearPendingException();
  Throw(env, ffi::MakeError(ffi::ErrorCode::kResourceExhausted,
                            std::to_string(size) + " bytes do not fit into one Buffer", "execution.read"));
}

void FreeGathered(napi_env, void* memory, void* reserved) {
  exec::GatherMemory::Unmap(static_cast<std::uint8_t*>(memory), reinterpret_cast<std::size_t>(reserved));
}

}  // namespace

Napi::Value ToBuffer(Napi::Env env, exec::Slab slab) {
  const auto bytes = slab.bytes();
  napi_value buffer{};
  if (bytes.size() >= kWorthGivingAway && bytes.size() >= slab.capacity() / 2) {
    auto* data = const_cast<std::uint8_t*>(bytes.data());
    auto memory = slab.Release();
    auto free = memory.get_deleter().pooled ? FreeMemory<true> : FreeMemory<false>;
    const auto status = napi_create_external_buffer(env, bytes.size(), data, free, memory.get(), &buffer);
    if (status == napi_ok) {
      (void)memory.release();
      Environment::Of(env).GaveAway(bytes.size());
      return {env, buffer};
    }
    if (!IsStillOurs(status)) {
      (void)memory.release();
      ThrowTooLarge(env, bytes.size());
    }
    return Napi::Buffer<std::uint8_t>::Copy(env, data, bytes.size());
  }
  return Napi::Buffer<std::uint8_t>::Copy(env, bytes.data(), bytes.size());
}

Napi::Value ToBuffer(Napi::Env env, exec::Gathering& gathered) {
  if (!gathered.is_large()) {
    return Napi::Buffer<std::uint8_t>::Copy(env, gathered.small().data(), gathered.small().size());
  }
  const std::size_t size = gathered.size();
  const auto memory = gathered.large().Release();
  napi_value buffer{};
  const auto given = napi_create_external_buffer(env, size, memory.data(), FreeGathered,
                                                 reinterpret_cast<void*>(memory.size()), &buffer);
  if (given == napi_ok) {
    Environment::Of(env).GaveAway(size);
    return {env, buffer};
  }
  if (!IsStillOurs(given)) ThrowTooLarge(env, size);
  const auto copied = napi_create_buffer_copy(env, size, memory.data(), nullptr, &buffer);
  exec::GatherMemory::Unmap(memory.data(), memory.size());
  if (copied != napi_ok) ThrowTooLarge(env, size);
  return {env, buffer};
}

std::span<const std::uint8_t> ReadBytes(Napi::Value value, const std::string& name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    ThrowInvalidArgument(value.Env(), name + " must be a Uint8Array");
  }
  auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

}  // namespace boxlite::node
