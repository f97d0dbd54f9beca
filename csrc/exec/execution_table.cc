#include "exec/execution_table.h"

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "exec/execution.h"

namespace boxlite::exec::execution_table {

namespace {

struct Table {
  std::mutex mutex;  // guards executions
  std::unordered_map<std::uint64_t, std::shared_ptr<Execution>> executions;
};

// Not destroyed: drain threads may still run while the process exits.
Table& TheTable() {
  static auto& table = *new Table;
  return table;
}

}  // namespace

std::uint64_t NewId() {
  static std::atomic<std::uint64_t> next{1};
  return next++;
}

void Insert(std::uint64_t id, std::shared_ptr<Execution> execution) {
  auto& table = TheTable();
  std::lock_guard lock(table.mutex);
  table.executions.emplace(id, std::move(execution));
}

std::shared_ptr<Execution> Find(std::uint64_t id) {
  auto& table = TheTable();
  std::lock_guard lock(table.mutex);
  auto found = table.executions.find(id);
  return found == table.executions.end() ? nullptr : found->second;
}

void Erase(std::uint64_t id) {
  auto& table = TheTable();
  std::shared_ptr<Execution> last;  // let go without the lock
  std::lock_guard lock(table.mutex);
  auto found = table.executions.find(id);
  if (found == table.executions.end()) return;
  last = std::move(found->second);
  table.executions.erase(found);
}

}  // namespace boxlite::exec::execution_table
