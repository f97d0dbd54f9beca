#include "ffi/posted_calls.h"

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace boxlite::ffi::posted_calls {

namespace {

struct Table {
  std::mutex mutex;  // guards calls and next_id; never held while a completion runs
  std::unordered_map<std::uint64_t, std::unique_ptr<PendingCall>> calls;
  std::uint64_t next_id = 1;
};

/// What is left of a failed call.
class CallThatIsOver final : public PendingCall {
 public:
  using PendingCall::PendingCall;
  void Fail(Error) override {}
  bool is_over() const override { return true; }
};

// Not destroyed: drain threads may still run while the process exits.
Table& TheTable() {
  static auto& table = *new Table;
  return table;
}

}  // namespace

std::uint64_t NewOwner() {
  static std::atomic<std::uint64_t> next{1};
  return next++;
}

void* Add(std::unique_ptr<PendingCall> call) {
  auto& table = TheTable();
  std::lock_guard lock(table.mutex);
  auto id = table.next_id++;
  table.calls.emplace(id, std::move(call));
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
}

std::unique_ptr<PendingCall> Take(void* user_data) {
  auto& table = TheTable();
  std::lock_guard lock(table.mutex);
  auto found = table.calls.find(reinterpret_cast<std::uintptr_t>(user_data));
  if (found == table.calls.end()) return nullptr;
  auto call = std::move(found->second);
  table.calls.erase(found);
  return call;
}

void FailAll(std::uint64_t owner, const Error& error) {
  std::vector<std::unique_ptr<PendingCall>> failed;
  {
    auto& table = TheTable();
    std::lock_guard lock(table.mutex);
    for (auto& [id, call] : table.calls) {
      if (call->owner != owner || call->is_over()) continue;
      auto over = std::make_unique<CallThatIsOver>(owner, call->library, call->operation);
      failed.push_back(std::exchange(call, std::move(over)));
    }
  }
  for (auto& call : failed) {
    Error own = error;
    own.operation = call->operation;
    call->Fail(std::move(own));
  }
}

}  // namespace boxlite::ffi::posted_calls
