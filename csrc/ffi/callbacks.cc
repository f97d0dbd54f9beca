#include "ffi/callbacks.h"

namespace boxlite::ffi {

namespace {

/// Answers the call of `user_data` with its error, or with what `take` makes of the payload. Of a call that
/// is over, the payload is given back at once.
template <class Value, class Take>
void Answer(CBoxliteError* error, void* user_data, Take take) {
  auto call = posted_calls::Take(user_data);
  if (!call) return;
  if (auto failure = CopyCallbackError(error, call->operation)) return call->Fail(std::move(*failure));
  Result<Value> value = take(call->library);
  if (!value.ok()) value.error().operation = call->operation;
  if (!call->is_over()) AsPosted<Value>(*call).done(std::move(value));
}

/// What a success without its payload is worth.
Error Missing(const char* what) {
  return MakeError(ErrorCode::kInternal, std::string("the engine reported success without ") + what);
}

}  // namespace

void OnDone(CBoxliteError* error, void* user_data) noexcept {
  Answer<Unit>(error, user_data, [](const auto&) { return Unit{}; });
}

void OnBox(CBoxHandle* box, CBoxliteError* error, void* user_data) noexcept {
  OnBoxCreated(box, false, error, user_data);
}

void OnBoxCreated(CBoxHandle* box, bool created, CBoxliteError* error, void* user_data) noexcept {
  using Returned = std::shared_ptr<ReturnedBox>;
  Answer<Returned>(error, user_data, [&](const auto& library) -> Result<Returned> {
    if (box == nullptr) return Missing("a box");
    return std::make_shared<ReturnedBox>(ReturnedBox{BoxHandle(box, {library}), created});
  });
}

void OnExecution(CExecutionHandle* execution, CBoxliteError* error, void* user_data) noexcept {
  Answer<std::shared_ptr<ExecutionHandle>>(error, user_data, [execution](const auto& library) {
    return std::make_shared<ExecutionHandle>(execution, FreeWith<&Api::execution_free>{library});
  });
}

void OnInfo(CBoxInfo* info, CBoxliteError* error, void* user_data) noexcept {
  Answer<BoxInfo>(error, user_data, [info](const auto& library) -> Result<BoxInfo> {
    if (info == nullptr) return Missing("what it tells of the box");
    return TakeBoxInfo(*library, info);
  });
}

void OnInfoList(CBoxInfoList* list, CBoxliteError* error, void* user_data) noexcept {
  using Infos = std::vector<BoxInfo>;
  Answer<Infos>(error, user_data, [list](const auto& library) -> Result<Infos> {
    if (list == nullptr) return Missing("the list of boxes");
    return TakeBoxInfoList(*library, list);
  });
}

void OnBoxMetrics(CBoxMetrics* metrics, CBoxliteError* error, void* user_data) noexcept {
  Answer<BoxMetrics>(error, user_data, [metrics](const auto&) { return CopyMetrics(metrics); });
}

void OnRuntimeMetrics(CRuntimeMetrics* metrics, CBoxliteError* error, void* user_data) noexcept {
  Answer<RuntimeMetrics>(error, user_data, [metrics](const auto&) { return CopyMetrics(metrics); });
}

}  // namespace boxlite::ffi
