#include "node/delivery.h"

#include <utility>

namespace boxlite::node {

void Delivery::Open(napi_threadsafe_function bell) {
  std::lock_guard lock(mutex_);
  bell_ = bell;
}

void Delivery::Post(Task task, When when) { Push(std::move(task), when); }

void Delivery::Notify(std::shared_ptr<exec::Execution> execution) { Push(std::move(execution), When::kNow); }

void Delivery::Ring() {
  std::lock_guard lock(mutex_);
  if (bell_ != nullptr) RingLocked();
}

void Delivery::Push(Item item, When when) {
  std::lock_guard lock(mutex_);
  if (bell_ == nullptr) return;
  items_.push_back(std::move(item));
  if (when == When::kNow) RingLocked();
}

void Delivery::RingLocked() {
  if (std::exchange(rung_, true)) return;
  // A full queue means that a ring is on its way already; any other refusal, that the environment ends.
  napi_call_threadsafe_function(bell_, nullptr, napi_tsfn_nonblocking);
}

std::vector<Delivery::Item> Delivery::TakeAll() {
  std::lock_guard lock(mutex_);
  rung_ = false;
  return std::exchange(items_, {});
}

void Delivery::Shut() {
  std::vector<Item> dropped;  // let go without the lock
  std::lock_guard lock(mutex_);
  bell_ = nullptr;
  dropped.swap(items_);
}

}  // namespace boxlite::node
