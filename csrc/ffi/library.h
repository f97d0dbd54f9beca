// One opened engine: where its symbols are, and which generation of the ABI they speak.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ffi/api.h"
#include "ffi/error.h"

namespace boxlite::ffi {

/// The generation of the ABI, told by symbols: the version string of a library does not tell it.
enum class Generation { k097, k010Dev, k010, kNext, kUntested };

/// "0.9.7", "0.10-dev", "0.10", "next" or "untested".
const char* GenerationName(Generation generation);

/// One row of the ABI and what this addon does with it.
struct SymbolRow {
  const char* name;  // without the boxlite_ prefix
  SymbolKind kind;
  const char* tags;  // one character for each of 0.9.5, 0.9.7, 0.10-dev, 0.10, next; '-' where it is missing
  bool bound;
  const char* reason;  // why not, where it is not bound
};

/// Every function of the ABI, by name.
const std::vector<SymbolRow>& SymbolRows();

/// Decides which generation a set of symbols is, or why it is refused. `allow_untested` accepts a set that
/// matches none, with the layouts of 0.10; a set without the drain model or of 0.9.5 is refused all the same.
Result<Generation> TellGeneration(const Api& api, bool allow_untested);

/// Immutable after it was opened: every method may be called from any thread. Never unloaded, because
/// threads of the engine may outlive every handle.
class Library {
 public:
  /// The engine that is compiled into the addon. Never blocks, never fails.
  static std::shared_ptr<const Library> OpenEmbedded();

  /// Loads a libboxlite. May block on disk. Fails with UnsupportedEngine, naming what is missing.
  static Result<std::shared_ptr<const Library>> Open(const std::string& path, bool allow_untested);

  const Api& api() const { return api_; }
  Generation generation() const { return generation_; }
  bool embedded() const { return path_.empty(); }
  /// Empty for the embedded engine.
  const std::string& path() const { return path_; }
  const std::string& version() const { return version_; }
  /// What the engine says of itself, as "raw-bytes"; empty for an engine that cannot say.
  const std::vector<std::string>& capabilities() const { return capabilities_; }
  /// Whether the engine says that it can do this beyond the ABI.
  bool has(std::string_view capability) const {
    return std::find(capabilities_.begin(), capabilities_.end(), capability) != capabilities_.end();
  }
  /// "none", "namespaces" or "vm".
  const std::string& isolation() const { return isolation_; }

 private:
  Library(std::string path, const Api& api, Generation generation);

  std::string path_;
  Api api_;
  Generation generation_;
  std::string version_;
  std::vector<std::string> capabilities_;
  std::string isolation_;
};

}  // namespace boxlite::ffi
