#include "world.h"

namespace boxlite::fault {

World& TheWorld() {
  static auto& world = *new World;
  return world;
}

void Release(const std::string& gate) {
  TheWorld().released.insert(gate);
  TheWorld().changed.notify_all();
}

void Note(const std::string& line) { TheWorld().log += line + "\n"; }

std::string Living() {
  std::string text;
  for (const auto& [kind, count] : TheWorld().living) text += kind + " " + std::to_string(count) + "\n";
  return text;
}

}  // namespace boxlite::fault
