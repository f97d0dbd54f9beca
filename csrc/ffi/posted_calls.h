// What was posted to an engine and has not called back yet.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "ffi/library.h"

namespace boxlite::ffi {

/// Told the outcome exactly once, on the drain thread, on the caller's when posting fails, or on the one that
/// closes the runtime. Must not block and must not throw.
template <class Value>
using Completion = std::function<void(Result<Value>)>;

/// One posted call: what its callback finds under its id.
class PendingCall {
 public:
  PendingCall(std::uint64_t owner, std::shared_ptr<const Library> library, const char* operation)
      : owner(owner), library(std::move(library)), operation(operation) {}
  virtual ~PendingCall() = default;
  virtual void Fail(Error error) = 0;

  const std::uint64_t owner;
  const std::shared_ptr<const Library> library;
  const char* const operation;
};

template <class Value>
class PendingCallOf final : public PendingCall {
 public:
  PendingCallOf(std::uint64_t owner, std::shared_ptr<const Library> library, const char* operation,
                Completion<Value> done)
      : PendingCall(owner, std::move(library), operation), done(std::move(done)) {}
  void Fail(Error error) override { done(std::move(error)); }

  Completion<Value> done;
};

/// All posted calls of the process by id. The id is the `user_data` of the call, so that a callback that
/// comes too late finds nothing instead of freed memory. Every function: any thread; never blocks.
namespace posted_calls {

/// A number for one runtime, never used again.
std::uint64_t NewOwner();

/// Registers a call and returns its `user_data`.
void* Add(std::unique_ptr<PendingCall> call);

/// Takes a call out; null when it was already answered or failed.
std::unique_ptr<PendingCall> Take(void* user_data);

/// Fails every call of one runtime: none of them will be called back any more.
void FailAll(std::uint64_t owner, const Error& error);

}  // namespace posted_calls

/// Takes out the call that a callback belongs to. The callback's type tells Value.
template <class Value>
std::unique_ptr<PendingCallOf<Value>> TakePosted(void* user_data) {
  return std::unique_ptr<PendingCallOf<Value>>(
      static_cast<PendingCallOf<Value>*>(posted_calls::Take(user_data).release()));
}

}  // namespace boxlite::ffi
