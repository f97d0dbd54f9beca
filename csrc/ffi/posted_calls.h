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
  /// Answers it with an error.
  virtual void Fail(Error error) = 0;
  /// It was answered before its engine did: whatever comes now belongs to nobody.
  virtual bool is_over() const { return false; }

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

/// Takes a call out; null when its callback has run before. One that was failed meanwhile is over.
std::unique_ptr<PendingCall> Take(void* user_data);

/// Fails every call of one runtime. An engine that calls back all the same finds a call that is over, so that
/// what it brings can be given back to it.
void FailAll(std::uint64_t owner, const Error& error);

}  // namespace posted_calls

/// A call that is not over, as what it is: the callback that took it tells Value.
template <class Value>
PendingCallOf<Value>& AsPosted(PendingCall& call) {
  return static_cast<PendingCallOf<Value>&>(call);
}

}  // namespace boxlite::ffi
