#include "engine/box.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdlib>

namespace boxlite::engine {

std::vector<std::shared_ptr<Process>> Box::Running() {
  std::vector<std::shared_ptr<Process>> running;
  std::erase_if(processes, [&running](const auto& weak) {
    auto process = weak.lock();
    if (!process || !process->running()) return true;
    running.push_back(std::move(process));
    return false;
  });
  return running;
}

bool Box::LastStartedRuns() const {
  const auto last = processes.empty() ? nullptr : processes.back().lock();
  return last && last->running();
}

const char* StatusName(BoxStatus status) {
  switch (status) {
    case BoxStatus::kConfigured: return "configured";
    case BoxStatus::kRunning: return "running";
    case BoxStatus::kStopping: return "stopping";
    case BoxStatus::kStopped: return "stopped";
    case BoxStatus::kRemoved: break;
  }
  return "unknown";
}

void FillInfo(CBoxInfo& info, const Box& box) {
  const Options& options = box.options;
  info = {};
  info.id = CopyOut(box.id);
  info.name = options.name.empty() ? nullptr : CopyOut(options.name);
  info.image = CopyOut(options.image);
  info.status = CopyOut(StatusName(box.status));
  info.running = box.status == BoxStatus::kRunning ? 1 : 0;
  info.cpus = options.cpus.value_or(1);
  info.memory_mib = options.memory_mib.value_or(1024);
  info.auto_stop = options.auto_stop_seconds;
  info.auto_delete = options.auto_delete_seconds.value_or(0);
  info.auto_resume = options.auto_resume ? 1 : 0;
  info.created_at = box.created_at;
}

void ClearInfo(CBoxInfo& info) {
  for (char* text : {info.id, info.name, info.image, info.status}) std::free(text);
  info = {};
}

CBoxInfo* NewInfo(const Box& box) {
  auto* info = static_cast<CBoxInfo*>(std::calloc(1, sizeof(CBoxInfo)));
  if (info != nullptr) FillInfo(*info, box);
  return info;
}

std::string NewBoxId() {
  constexpr char kLetters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uint64_t random[2]{};
  if (getrandom(random, sizeof random, 0) < 0) random[0] = static_cast<std::uint64_t>(std::rand());
  std::string id;
  for (int i = 0; i < 12; ++i) {
    auto& word = random[i % 2];
    id += kLetters[word % 62];
    word /= 62;
  }
  return id;
}

}  // namespace boxlite::engine
