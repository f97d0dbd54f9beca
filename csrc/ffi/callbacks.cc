#include "ffi/callbacks.h"

namespace boxlite::ffi {

namespace {

/// Answers the call of `user_data` with its error, or with what `take` makes of the payload.
template <class Value, class Take>
void Answer(CBoxliteError* error, void* user_data, Take take) {
  auto call = TakePosted<Value>(user_data);
  if (!call) return;
  if (auto failure = CopyCallbackError(error, call->operation)) return call->Fail(std::move(*failure));
  call->done(take(call->library));
}

}  // namespace

void OnDone(CBoxliteError* error, void* user_data) noexcept {
  Answer<Unit>(error, user_data, [](const auto&) { return Unit{}; });
}

void OnBox(CBoxHandle* box, CBoxliteError* error, void* user_data) noexcept {
  OnBoxCreated(box, false, error, user_data);
}

void OnBoxCreated(CBoxHandle* box, bool created, CBoxliteError* error, void* user_data) noexcept {
  Answer<std::shared_ptr<ReturnedBox>>(error, user_data, [&](const auto& library) {
    return std::make_shared<ReturnedBox>(ReturnedBox{BoxHandle(box, {library}), created});
  });
}

void OnInfo(CBoxInfo* info, CBoxliteError* error, void* user_data) noexcept {
  Answer<BoxInfo>(error, user_data, [info](const auto& library) { return TakeBoxInfo(*library, info); });
}

void OnInfoList(CBoxInfoList* list, CBoxliteError* error, void* user_data) noexcept {
  Answer<std::vector<BoxInfo>>(error, user_data,
                               [list](const auto& library) { return TakeBoxInfoList(*library, list); });
}

void OnBoxMetrics(CBoxMetrics* metrics, CBoxliteError* error, void* user_data) noexcept {
  Answer<BoxMetrics>(error, user_data, [metrics](const auto&) { return CopyMetrics(metrics); });
}

void OnRuntimeMetrics(CRuntimeMetrics* metrics, CBoxliteError* error, void* user_data) noexcept {
  Answer<RuntimeMetrics>(error, user_data, [metrics](const auto&) { return CopyMetrics(metrics); });
}

}  // namespace boxlite::ffi
