// The slab that the engine reads into, so that a large chunk goes into a spool without a copy.
#pragma once

#include <optional>

#include "exec/slab.h"

namespace boxlite::exec::read_memory {

/// The slab of the calling thread, for boxlite_runtime_set_read_memory. It is the thread's until a chunk that
/// was read into it is adopted, so it may be freed by nobody while the engine reads.
std::uint8_t* Lend(std::size_t* capacity, void* user_data) noexcept;

/// The slab with this chunk in it, if the chunk was read into what was lent to this thread and fills enough
/// of it to be worth its memory. On the thread that drains, in the chunk's callback.
std::optional<Slab> Adopt(std::span<const std::uint8_t> chunk);

}  // namespace boxlite::exec::read_memory
