// All executions of the process by number: what an engine's callback finds under its user_data.
#pragma once

#include <cstdint>
#include <memory>

namespace boxlite::exec {

class Execution;

/// Keeps each execution alive until it has ended. Any thread; never blocks. Its lock is taken before an
/// execution's, never after.
namespace execution_table {

/// A user_data that was never used before.
std::uint64_t NewId();
void Insert(std::uint64_t id, std::shared_ptr<Execution> execution);
/// Null for a callback that comes too late.
std::shared_ptr<Execution> Find(std::uint64_t id);
void Erase(std::uint64_t id);

}  // namespace execution_table

}  // namespace boxlite::exec
