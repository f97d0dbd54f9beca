#include "engine/spawner.h"

namespace boxlite::engine {

bool Spawner::Post(Job job) {
  std::lock_guard lock(mutex_);
  if (stopped_) return false;
  if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
  jobs_.push_back(std::move(job));
  work_.notify_one();
  return true;
}

bool Spawner::Run(const Job& job) {
  std::mutex mutex;  // guards done
  std::condition_variable ran;
  bool done = false;
  const bool posted = Post([&](bool stopped) {
    job(stopped);
    // Notified under the lock: it is gone as soon as the other side sees `done`.
    std::lock_guard lock(mutex);
    done = true;
    ran.notify_one();
  });
  if (!posted) return false;
  std::unique_lock lock(mutex);
  ran.wait(lock, [&done] { return done; });
  return true;
}

void Spawner::Loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const bool stopped = stopped_;
    lock.unlock();
    job(stopped);
    job = nullptr;
    lock.lock();
  }
}

void Spawner::Stop() {
  std::thread thread;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    work_.notify_all();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

}  // namespace boxlite::engine
