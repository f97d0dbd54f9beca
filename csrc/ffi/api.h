// The symbol table of one opened engine.
#pragma once

#include "abi/boxlite.h"

namespace boxlite::ffi {

/// How much depends on a symbol: without a core one no engine opens, an optional one costs its feature only,
/// an extension is the embedded engine's own.
enum class SymbolKind { kCore, kOptional, kExtension };

/// Function pointers, each of the type that the header declares; null where the library lacks the symbol.
struct Api {
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) decltype(&::boxlite_##name) name = nullptr;
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
};

}  // namespace boxlite::ffi
