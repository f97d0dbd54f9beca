#include "engine/record_writer.h"

namespace boxlite::engine {

void RecordWriter::Write(std::string id, std::string text, Then then) {
  Add({std::move(id), std::move(text), std::move(then)});
}

void RecordWriter::Remove(std::string id, Then then) { Add({std::move(id), std::nullopt, std::move(then)}); }

void RecordWriter::Add(Change change) {
  std::lock_guard lock(mutex_);
  changes_.push_back(std::move(change));
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  changed_.notify_all();
}

void RecordWriter::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return finished_ || !changes_.empty(); });
    if (changes_.empty()) return;
    auto changes = std::exchange(changes_, {});
    lock.unlock();
    Make(std::move(changes));
    lock.lock();
  }
}

void RecordWriter::Make(std::vector<Change> changes) {
  std::vector<Failure> failures;
  failures.reserve(changes.size());
  for (const auto& change : changes) {
    failures.push_back(change.text ? files_.Write(change.id, *change.text) : files_.Remove(change.id));
  }
  // One for all that have gathered meanwhile: it costs as much as the rest together.
  const Failure unsafe = files_.Sync();
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i].then(failures[i] ? failures[i] : unsafe);
}

void RecordWriter::Finish() {
  std::thread thread;
  {
    std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

}  // namespace boxlite::engine
