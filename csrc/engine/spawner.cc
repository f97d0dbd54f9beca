#include "engine/spawner.h"

namespace boxlite::engine {

Spawned Spawner::Start(const SpawnPlan& plan, Failure& failure) {
  Request request{&plan, &failure, {}, false};
  std::unique_lock lock(mutex_);
  if (stopped_) {
    failure = {BOXLITE_STOPPED, "Cannot exec: runtime has been shut down or closed"};
    return {};
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  requests_.push_back(&request);
  work_.notify_one();
  done_.wait(lock, [&request] { return request.done; });
  return std::move(request.spawned);
}

void Spawner::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopped_ || !requests_.empty(); });
    if (requests_.empty()) return;
    Request* request = requests_.front();
    requests_.pop_front();
    lock.unlock();
    request->spawned = Spawn(*request->plan, *request->failure);
    lock.lock();
    request->done = true;
    done_.notify_all();
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
