// Owners of what an engine hands out. Each keeps the library that made it, whose code frees it.
#pragma once

#include <memory>

#include "ffi/library.h"

namespace boxlite::ffi {

template <auto Free>
struct FreeWith {
  std::shared_ptr<const Library> library;
  template <class T>
  void operator()(T* raw) const noexcept {
    (library->api().*Free)(raw);
  }
};

using OptionsHandle = std::unique_ptr<CBoxliteOptions, FreeWith<&Api::options_free>>;
using AdvancedOptionsHandle = std::unique_ptr<CAdvancedBoxOptions, FreeWith<&Api::advanced_options_free>>;
using StringHandle = std::unique_ptr<char, FreeWith<&Api::free_string>>;

/// May block when it is the last reference to a running box: let it go on the call executor.
using BoxHandle = std::unique_ptr<CBoxHandle, FreeWith<&Api::box_free>>;

/// Blocks until the process is gone: let it go on the call executor, never on the drain thread.
using ExecutionHandle = std::unique_ptr<CExecutionHandle, FreeWith<&Api::execution_free>>;

}  // namespace boxlite::ffi
