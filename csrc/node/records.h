// The records of lib/native/addon.ts, to and from C++.
#pragma once

#include <napi.h>

#include "ffi/box.h"
#include "ffi/box_info.h"
#include "ffi/box_options.h"
#include "ffi/command.h"
#include "ffi/runtime.h"
#include "node/arguments.h"

namespace boxlite::node {

ffi::RuntimeOptions ToRuntimeOptions(const Record& options);
ffi::BoxOptions ToBoxOptions(const Record& options);

struct ExecArguments {
  ffi::Command command;
  std::optional<std::uint64_t> max_buffered;
};
ExecArguments ToExecArguments(const Record& command);

/// NativeCopyOptions; undefined has the defaults.
ffi::Box::CopyFlags ToCopyFlags(Napi::Value options);

Napi::Object ToJs(Napi::Env env, const ffi::BoxInfo& info);
Napi::Object ToJs(Napi::Env env, const ffi::BoxMetrics& metrics);
Napi::Object ToJs(Napi::Env env, const ffi::RuntimeMetrics& metrics);
/// NativeEngineInfo.
Napi::Object ToJs(Napi::Env env, const ffi::Library& library);
/// AbiCoverageRow[].
Napi::Array AbiCoverage(Napi::Env env);

}  // namespace boxlite::node
