// The symbol table of the engine that is compiled in: the one place where the addon links against it.
#pragma once

#include "ffi/api.h"

namespace boxlite::ffi {

/// Every symbol that the embedded engine defines. Any thread; never blocks.
Api EmbeddedApi();

}  // namespace boxlite::ffi
