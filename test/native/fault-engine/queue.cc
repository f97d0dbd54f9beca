#include "queue.h"

#include "abi/boxlite.h"

namespace boxlite::fault {

namespace {
using Clock = std::chrono::steady_clock;
constexpr std::size_t kCapacity = QUEUE_CAPACITY;
}  // namespace

bool Queue::HasRoom() {
  if (!jam_gate_.empty() && TheWorld().released.contains(jam_gate_)) jam_gate_.clear();
  return events_.size() < kCapacity && jam_gate_.empty() && Clock::now() >= jammed_until_;
}

void Queue::Jam(const Until& until) {
  jam_gate_ = until.gate;
  jammed_until_ = Clock::now() + until.time;
}

void Queue::Complete(Event event) {
  if (closed_) return;
  late_.push_back(std::move(event));
  Admit();
  TheWorld().changed.notify_all();
}

void Queue::Admit() {
  while (!late_.empty() && HasRoom()) {
    events_.push_back(std::move(late_.front()));
    late_.pop_front();
  }
}

bool Queue::Ready() {
  Admit();
  if (events_.empty()) return false;
  return drain_hold_.gate.empty() || TheWorld().released.contains(drain_hold_.gate);
}

int Queue::Drain(Lock& lock, int timeout_ms) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  int ran = 0;
  drainer_ = std::this_thread::get_id();
  while (!closed_ && drain_code_ == 0) {
    if (Ready()) {
      if (drain_hold_.time.count() > 0) WaitUntil(lock, {"", drain_hold_.time}, [this] { return closed_; });
      if (closed_ || events_.empty()) continue;
      Event event = std::move(events_.front());
      events_.pop_front();
      TheWorld().changed.notify_all();
      lock.unlock();
      event();
      event = nullptr;
      lock.lock();
      ++ran;
    } else if (timeout_ms < 0) {
      TheWorld().changed.wait(lock);
    } else if (Clock::now() >= deadline) {
      break;
    } else {
      // A jam that ends by time wakes nobody.
      TheWorld().changed.wait_until(lock, std::min(deadline, Clock::now() + std::chrono::milliseconds(10)));
    }
  }
  drainer_ = {};
  return ran;
}

void Queue::Close() {
  closed_ = true;
  TheWorld().changed.notify_all();
}

}  // namespace boxlite::fault
