#include "engine/box_keeper.h"

#include <fstream>
#include <set>

#include "engine/stragglers.h"

namespace boxlite::engine {

namespace {

std::string MachineBoot() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

BoxRecord::Status StatusToKeep(BoxStatus status) {
  switch (status) {
    case BoxStatus::kConfigured: return BoxRecord::Status::kConfigured;
    case BoxStatus::kRunning:
    case BoxStatus::kStopping: return BoxRecord::Status::kRunning;
    case BoxStatus::kStopped:
    case BoxStatus::kRemoved: break;
  }
  return BoxRecord::Status::kStopped;
}

/// What ran when its runtime ended is stopped, unless it was to outlive it.
BoxStatus StatusAfterwards(const BoxRecord& record, const std::string& machine_boot) {
  const bool outlives = record.options.detach && record.machine_boot == machine_boot;
  switch (record.status) {
    case BoxRecord::Status::kConfigured: return BoxStatus::kConfigured;
    case BoxRecord::Status::kRunning: return outlives ? BoxStatus::kRunning : BoxStatus::kStopped;
    case BoxRecord::Status::kStopped: break;
  }
  return BoxStatus::kStopped;
}

}  // namespace

BoxKeeper::BoxKeeper(RecordFiles files, std::shared_ptr<EventLoop> loop)
    : loaded_(files.Load()),
      loop_(std::move(loop)),
      machine_boot_(MachineBoot()),
      writer_(std::move(files)) {}

std::unique_ptr<BoxKeeper> BoxKeeper::Open(const std::string& home, std::shared_ptr<EventLoop> loop,
                                           Failure& failure) {
  auto files = RecordFiles::Open(home + "/boxes", failure);
  if (!files) return nullptr;
  return std::unique_ptr<BoxKeeper>(new BoxKeeper(std::move(*files), std::move(loop)));
}

BoxKeeper::Recovered BoxKeeper::Recover() {
  Recovered recovered;
  recovered.damaged = std::move(loaded_.damaged);
  std::set<std::string> ended;
  std::vector<std::string> removed;
  for (auto& record : std::exchange(loaded_.records, {})) {
    if (!record.options.detach) ended.insert(record.id);
    if (record.options.removes_on_stop()) {
      removed.push_back(record.id);
      continue;
    }
    auto box = std::make_shared<Box>();
    box->id = record.id;
    box->created_at = record.created_at;
    box->status = StatusAfterwards(record, machine_boot_);
    box->options = std::move(record.options);
    box->outlived_its_runtime = box->status == BoxStatus::kRunning;
    recovered.boxes.push_back(std::move(box));
  }
  KillStragglers(ended);
  // Only now: a record is what tells the next one whose processes to look for.
  for (auto& id : removed) writer_.Remove(std::move(id), [](const Failure&) {});
  return recovered;
}

RecordWriter::Then BoxKeeper::Ending(std::shared_ptr<Saving> saving, std::function<void()> on_failure) {
  return
      [loop = loop_, saving = std::move(saving), on_failure = std::move(on_failure)](const Failure& failure) {
        std::lock_guard lock(loop->mutex);
        if (failure && on_failure) on_failure();
        saving->Finish(failure);
      };
}

void BoxKeeper::Save(const std::shared_ptr<Box>& box, std::function<void()> on_failure) {
  box->saving = std::make_shared<Saving>();
  const BoxRecord record{box->id, box->created_at, StatusToKeep(box->status), machine_boot_, box->options};
  writer_.Write(box->id, FormatRecord(record), Ending(box->saving, std::move(on_failure)));
}

void BoxKeeper::Remove(const std::shared_ptr<Box>& box) {
  box->saving = std::make_shared<Saving>();
  writer_.Remove(box->id, Ending(box->saving, {}));
}

void BoxKeeper::RemoveDamaged(const std::string& id, Saving::Then then) {
  auto saving = std::make_shared<Saving>();
  saving->Await(std::move(then));
  writer_.Remove(id, Ending(std::move(saving), {}));
}

}  // namespace boxlite::engine
