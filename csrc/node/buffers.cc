#include "node/buffers.h"

#include <optional>

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

[[noreturn]] void ThrowTooLarge(Napi::Env env, std::size_t size) {
  if (env.IsExceptionPending()) env.GetAndClearPendingException();
  Throw(env, ffi::MakeError(ffi::ErrorCode::kResourceExhausted,
                            std::to_string(size) + " bytes do not fit into one Buffer", "execution.read"));
}

void FreeGathered(napi_env, void* memory, void* reserved) {
  exec::GatherMemory::Unmap(static_cast<std::uint8_t*>(memory), reinterpret_cast<std::size_t>(reserved));
}

/// A Buffer of memory that is Node's from here on, and given back to `free` with `hint`. Nothing where the
/// memory has stayed with the caller: some runtimes allow no external buffers, and an environment that ends
/// makes none. In all other failures Node has it already: throws.
std::optional<Napi::Value> GiveAway(Napi::Env env, std::span<std::uint8_t> bytes, napi_finalize free,
                                    void* hint) {
  napi_value buffer{};
  switch (napi_create_external_buffer(env, bytes.size(), bytes.data(), free, hint, &buffer)) {
    case napi_ok: Environment::Of(env).GaveAway(bytes.size()); return Napi::Value(env, buffer);
    case napi_no_external_buffers_allowed:
    case napi_pending_exception:
    case napi_cannot_run_js: return std::nullopt;
    default: ThrowTooLarge(env, bytes.size());
  }
}

}  // namespace

Napi::Value ToBuffer(Napi::Env env, exec::Slab slab) {
  const auto bytes = slab.bytes();
  if (bytes.size() < kWorthGivingAway || bytes.size() < slab.capacity() / 2)
    return Napi::Buffer<std::uint8_t>::Copy(env, bytes.data(), bytes.size());
  auto memory = slab.Release();
  const auto give_back = memory.get_deleter();
  auto* base = memory.release();
  const std::span<std::uint8_t> given(const_cast<std::uint8_t*>(bytes.data()), bytes.size());
  if (auto buffer = GiveAway(env, given, give_back.pooled ? FreeMemory<true> : FreeMemory<false>, base))
    return *buffer;
  const exec::SlabMemory ours(base, give_back);
  return Napi::Buffer<std::uint8_t>::Copy(env, bytes.data(), bytes.size());
}

Napi::Value ToBuffer(Napi::Env env, exec::Gathering& gathered) {
  if (!gathered.is_large()) {
    return Napi::Buffer<std::uint8_t>::Copy(env, gathered.small().data(), gathered.small().size());
  }
  const std::size_t size = gathered.size();
  const auto memory = gathered.large().Release();
  auto* mapped = reinterpret_cast<void*>(memory.size());
  if (auto buffer = GiveAway(env, memory.first(size), FreeGathered, mapped)) return *buffer;
  napi_value copy{};
  const auto status = napi_create_buffer_copy(env, size, memory.data(), nullptr, &copy);
  exec::GatherMemory::Unmap(memory.data(), memory.size());
  if (status != napi_ok) ThrowTooLarge(env, size);
  return {env, copy};
}

std::span<const std::uint8_t> ReadBytes(Napi::Value value, const std::string& name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    ThrowInvalidArgument(value.Env(), name + " must be a Uint8Array");
  }
  auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

}  // namespace boxlite::node
