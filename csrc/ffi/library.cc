#include "ffi/library.h"

#include <dlfcn.h>

#include <sstream>

#include "ffi/embedded_engine.h"

namespace boxlite::ffi {

namespace {

constexpr auto Core = SymbolKind::kCore;
constexpr auto Optional = SymbolKind::kOptional;
constexpr auto Extension = SymbolKind::kExtension;

template <class Function>
void Resolve(void* library, const char* name, Function& slot) {
  slot = reinterpret_cast<Function>(dlsym(library, name));
}

Api ResolveAll(void* library) {
  Api api;
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) \
  Resolve(library, "boxlite_" #name, api.name);
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
  return api;
}

std::string MissingCoreSymbols(const Api& api) {
  std::string missing;
  auto check = [&missing](bool present, SymbolKind kind, const char* name) {
    if (present || kind != SymbolKind::kCore) return;
    missing += missing.empty() ? "boxlite_" : ", boxlite_";
    missing += name;
  };
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) check(api.name != nullptr, kind, #name);
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
  return missing;
}

Error Refuse(std::string message) {
  return MakeError(ErrorCode::kUnsupportedEngine, std::move(message), "runtime.open");
}

std::vector<std::string> SplitWords(const char* text) {
  std::istringstream in(CopyString(text));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

const char* GenerationName(Generation generation) {
  switch (generation) {
    case Generation::k097: return "0.9.7";
    case Generation::k010Dev: return "0.10-dev";
    case Generation::k010: return "0.10";
    case Generation::kNext: return "next";
    case Generation::kUntested: break;
  }
  return "untested";
}

const std::vector<SymbolRow>& SymbolRows() {
  // Not destroyed: a thread may still ask while the process exits.
  static const auto& rows = *new std::vector<SymbolRow>{
#define BOXLITE_SYMBOL(name, kind, tags, embedded, bound, reason) {#name, kind, tags, bound, reason},
#include "ffi/symbols.def"
#undef BOXLITE_SYMBOL
  };
  return rows;
}

Result<Generation> TellGeneration(const Api& api, bool allow_untested) {
  if (api.execution_on_stdout == nullptr) {
    return Refuse(
        "the library is older than 0.9.5 and has no drain model; install libboxlite 0.9.7 or later");
  }
  if (auto missing = MissingCoreSymbols(api); !missing.empty()) {
    return Refuse("the library lacks symbols that nothing works without: " + missing);
  }
  // Two signatures of 0.9.5 differ under the same names, so that calling them would corrupt the stack.
  if (api.advanced_options_new == nullptr) {
    return Refuse("libboxlite 0.9.5 is not supported; install libboxlite 0.9.7 or later");
  }
  const bool bind_mount = api.options_add_bind_mount != nullptr;
  const bool volume = api.options_add_volume != nullptr;
  const bool auto_stop = api.options_set_auto_stop_interval != nullptr;
  if (bind_mount && !volume && auto_stop) return Generation::kNext;
  if (!bind_mount && volume) {
    if (auto_stop) return api.box_export != nullptr ? Generation::k010 : Generation::k010Dev;
    if (api.tunnel_endpoint != nullptr) return Generation::k097;
  }
  if (allow_untested) return Generation::kUntested;
  return Refuse(
      "the library's symbols match no known generation of the ABI (0.9.7, 0.10 or the next one); "
      "set allowUntestedVersion to try it as 0.10");
}

Library::Library(std::string path, const Api& api, Generation generation)
    : path_(std::move(path)), api_(api), generation_(generation), isolation_(embedded() ? "none" : "vm") {
  if (api_.version != nullptr) version_ = CopyString(api_.version());
  if (api_.engine_capabilities == nullptr) return;
  constexpr std::string_view kIsolation = "isolation:";
  for (auto& word : SplitWords(api_.engine_capabilities())) {
    if (word.starts_with(kIsolation)) {
      isolation_ = word.substr(kIsolation.size());
    } else {
      capabilities_.push_back(std::move(word));
    }
  }
}

std::shared_ptr<const Library> Library::OpenEmbedded() {
  return std::shared_ptr<const Library>(new Library({}, EmbeddedApi(), Generation::k010));
}

Result<std::shared_ptr<const Library>> Library::Open(const std::string& path, bool allow_untested) {
  // RTLD_NODELETE beside never closing: the engine's threads must keep their code in any case.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* why = dlerror();
    return Refuse("cannot open the engine \"" + path + "\": " + CopyString(why) +
                  ". Install libboxlite there, or use engine: 'embedded'");
  }
  Api api = ResolveAll(library);
  auto generation = TellGeneration(api, allow_untested);
  if (!generation.ok()) {
    generation.error().message = "cannot use the engine \"" + path + "\": " + generation.error().message;
    return generation.error();
  }
  return std::shared_ptr<const Library>(new Library(path, api, generation.value()));
}

}  // namespace boxlite::ffi
