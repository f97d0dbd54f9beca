// Boxes of a runtime: how they are found, stopped and removed.
#include <algorithm>

#include "handles.h"

namespace boxlite::fault {

void Box::EndExecutions() {
  for (const auto& weak : std::exchange(executions, {})) {
    if (auto execution = weak.lock()) execution->Lose("");
  }
}

std::shared_ptr<Box> Runtime::FindByName(const std::string& name) const {
  auto found =
      std::find_if(boxes.begin(), boxes.end(), [&](const auto& box) { return box->options.name == name; });
  return name.empty() || found == boxes.end() ? nullptr : *found;
}

std::shared_ptr<Box> Runtime::Find(const std::string& id_or_name, Failure& failure) const {
  for (const auto& box : boxes) {
    if (box->id == id_or_name) return box;
  }
  if (auto box = FindByName(id_or_name)) return box;
  std::vector<std::shared_ptr<Box>> matching;
  std::copy_if(boxes.begin(), boxes.end(), std::back_inserter(matching),
               [&](const auto& box) { return box->id.starts_with(id_or_name); });
  if (matching.size() == 1) return matching.front();
  failure = matching.empty() ? Failure{BOXLITE_NOT_FOUND, "Box not found: " + id_or_name}
                             : Failure{BOXLITE_INVALID_ARGUMENT, "ambiguous id prefix: " + id_or_name};
  return nullptr;
}

std::shared_ptr<Box> Runtime::Create(Options options, Failure& failure) {
  if (shut_down) {
    failure = {BOXLITE_STOPPED, "Cannot create: runtime has been shut down or closed"};
  } else if (options.poisoned) {
    failure = {BOXLITE_INVALID_ARGUMENT, "advanced options hold an invalid capability list"};
  } else if (options.detach && options.removes_on_stop()) {
    failure = {BOXLITE_CONFIG, "detach cannot be combined with removal on stop"};
  } else if (FindByName(options.name)) {
    failure = {BOXLITE_INVALID_ARGUMENT, "box with name '" + options.name + "' already exists"};
  }
  if (failure) return nullptr;
  auto box = std::make_shared<Box>();
  char id[13];
  std::snprintf(id, sizeof id, "fault%07d", next_id++);
  box->id = id;
  std::string error;
  ParseNamed(options.image, box->script, error);
  if (!error.empty()) failure = {BOXLITE_INVALID_ARGUMENT, error};
  box->options = std::move(options);
  if (!failure) boxes.push_back(box);
  return failure ? nullptr : box;
}

void Runtime::Stop(const std::shared_ptr<Box>& box) {
  box->EndExecutions();
  if (auto life = box->life.lock()) life->over = life->over || box->running();
  if (box->status == "configured") {
    if (box->options.removes_on_stop()) Erase(box);
    return;
  }
  box->status = "stopped";
  box->life.reset();
  if (box->options.removes_on_stop()) Erase(box);
}

void Runtime::Erase(const std::shared_ptr<Box>& box) { std::erase(boxes, box); }

}  // namespace boxlite::fault
