// The C functions that engines call back: each finds its posted call by id and answers it.
#pragma once

#include <utility>

#include "ffi/posted_calls.h"
#include "ffi/runtime.h"

namespace boxlite::ffi {

/// A handle that came back, and whether it is new.
struct ReturnedBox {
  BoxHandle handle;
  bool created = false;
};

/// All run on the drain thread and never block.
void OnDone(CBoxliteError* error, void* user_data) noexcept;
void OnBox(CBoxHandle* box, CBoxliteError* error, void* user_data) noexcept;
void OnBoxCreated(CBoxHandle* box, bool created, CBoxliteError* error, void* user_data) noexcept;
void OnInfo(CBoxInfo* info, CBoxliteError* error, void* user_data) noexcept;
void OnInfoList(CBoxInfoList* list, CBoxliteError* error, void* user_data) noexcept;
void OnBoxMetrics(CBoxMetrics* metrics, CBoxliteError* error, void* user_data) noexcept;
void OnRuntimeMetrics(CRuntimeMetrics* metrics, CBoxliteError* error, void* user_data) noexcept;

}  // namespace boxlite::ffi
