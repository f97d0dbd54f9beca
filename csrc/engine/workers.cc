#include "engine/workers.h"

#include <thread>

namespace boxlite::engine {

void Workers::Submit(Job job) {
  std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  if (threads_ == kMaxThreads) return;
  ++threads_;
  std::thread([this] { Run(); }).detach();
}

void Workers::Run() {
  std::unique_lock lock(mutex_);
  while (!jobs_.empty()) {
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
  --threads_;
  // Under the lock: whoever waits may destroy this object at once.
  left_.notify_all();
}

void Workers::Finish() {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace boxlite::engine
