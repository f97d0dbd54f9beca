#include "ffi/embedded_engine.h"

namespace boxlite::ffi {

#define BOXLITE_LINK_YES(name) api.name = &::boxlite_##name;
#define BOXLITE_LINK_NO(name)

Api EmbeddedApi() {
  Api api;
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) BOXLITE_LINK_##embedded(name)
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
  return api;
}

}  // namespace boxlite::ffi
