// The ABI's functions for boxes.
#include <cstdlib>

#include "engine/argument_checks.h"
#include "engine/runtime.h"

using namespace boxlite::engine;

namespace {

/// A new handle; under the lock.
CBoxHandle* NewHandle(const std::shared_ptr<Runtime>& runtime, const std::shared_ptr<Box>& box) {
  ++box->handles;
  return std::make_unique<BoxHandle>(BoxHandle{runtime, box, box->epoch}).release();
}

/// Hands a box to a callback, or frees the handle, without the lock, if the callback never runs. Made under
/// the lock; a loop that is closed would drop it at once, so then there is no handle to free.
class Delivery {
 public:
  Delivery(const std::shared_ptr<Runtime>& runtime, const std::shared_ptr<Box>& box, Failure failure)
      : handle_(box && !runtime->loop()->closed() ? NewHandle(runtime, box) : nullptr),
        failure_(std::move(failure)) {}
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  ~Delivery() { boxlite_box_free(handle_); }

  template <class Call>
  void To(Call call) {
    CallbackError error(failure_);
    call(std::exchange(handle_, nullptr), error.get());
  }

 private:
  CBoxHandle* handle_;
  Failure failure_;
};

template <class Call>
void PostBox(const std::shared_ptr<Runtime>& runtime, const std::shared_ptr<Box>& box, Failure failure,
             Call call) {
  auto delivery = std::make_shared<Delivery>(runtime, box, std::move(failure));
  runtime->loop()->Post([delivery, call] { delivery->To(call); });
}

/// Owns an info until a callback takes it.
struct FreeInfo {
  void operator()(CBoxInfo* info) const { boxlite_free_box_info(info); }
};
struct FreeInfoList {
  void operator()(CBoxInfoList* list) const { boxlite_free_box_info_list(list); }
};

void PostInfo(EventLoop& loop, CBoxInfo* raw, Failure failure, CBoxInfoCb cb, void* user_data) {
  auto info =
      std::shared_ptr<std::unique_ptr<CBoxInfo, FreeInfo>>(new std::unique_ptr<CBoxInfo, FreeInfo>(raw));
  loop.Post([info, failure = std::move(failure), cb, user_data] {
    CallbackError error(failure);
    cb(info->release(), error.get(), user_data);
  });
}

bool SamePolicy(const Advanced& a, const Advanced& b) {
  return a.capabilities_add == b.capabilities_add && a.capabilities_drop == b.capabilities_drop;
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_create_box(CBoxliteRuntime* runtime, CBoxliteOptions* opts, CBoxCreateBoxCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (opts == nullptr) return ReportNull("opts", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  const auto& self = runtime->runtime;
  Options options = TakeOptions(opts);
  std::lock_guard lock(self->loop()->mutex);
  self->Create(std::move(options), [self, cb, user_data](const auto& box, const Failure& failure) {
    PostBox(self, box, failure,
            [cb, user_data](CBoxHandle* handle, CBoxliteError* error) { cb(handle, error, user_data); });
  });
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_get_or_create_box(CBoxliteRuntime* runtime, CBoxliteOptions* opts,
                                           CBoxGetOrCreateBoxCb cb, void* user_data,
                                           CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (opts == nullptr) return ReportNull("opts", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  const auto& self = runtime->runtime;
  Options options = TakeOptions(opts);
  std::lock_guard lock(self->loop()->mutex);
  auto answer = [self, cb, user_data](const std::shared_ptr<Box>& box, bool created, const Failure& failure) {
    PostBox(self, box, failure, [cb, user_data, created](CBoxHandle* handle, CBoxliteError* error) {
      cb(handle, created, error, user_data);
    });
  };
  if (auto failure = self->CheckOpen("create")) {
    answer(nullptr, false, failure);
  } else if (auto box = self->FindByName(options.name); !box) {
    self->Create(std::move(options), [answer](const auto& made, const Failure& unmade) {
      answer(made, made != nullptr, unmade);
    });
  } else if (!SamePolicy(box->options.advanced, options.advanced)) {
    answer(
        nullptr, false,
        {BOXLITE_INVALID_ARGUMENT, "box '" + box->options.name + "' exists with another capability policy"});
  } else {
    answer(box, false, {});
  }
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_get(CBoxliteRuntime* runtime, const char* id_or_name, CBoxGetBoxCb cb,
                             void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  const auto& self = runtime->runtime;
  std::lock_guard lock(self->loop()->mutex);
  Failure failure;
  auto box = self->Find(id_or_name, failure);
  PostBox(self, box, failure,
          [cb, user_data](CBoxHandle* handle, CBoxliteError* error) { cb(handle, error, user_data); });
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_start_box(CBoxHandle* handle, CBoxStartBoxCb cb, void* user_data,
                                   CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  const auto& loop = handle->runtime->loop();
  std::lock_guard lock(loop->mutex);
  auto post = [loop, done = AnswerTo(cb, user_data)](const Failure& failure) {
    loop->Post([done, failure] { done(failure); });
  };
  if (auto failure = handle->runtime->Boot(handle->box, handle->epoch, "start")) {
    post(failure);
  } else {
    Runtime::AfterSaved(*handle->box, post);
  }
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_stop_box(CBoxHandle* handle, CBoxStopBoxCb cb, void* user_data,
                                  CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  std::lock_guard lock(handle->runtime->loop()->mutex);
  handle->runtime->Stop(handle->box, AnswerTo(cb, user_data));
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_remove(CBoxliteRuntime* runtime, const char* id_or_name, int force,
                                CBoxRemoveBoxCb cb, void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  std::lock_guard lock(runtime->runtime->loop()->mutex);
  runtime->runtime->Remove(id_or_name, force != 0, AnswerTo(cb, user_data));
  return BOXLITE_OK;
}

char* boxlite_box_id(CBoxHandle* handle) { return handle == nullptr ? nullptr : CopyOut(handle->box->id); }

void boxlite_box_free(CBoxHandle* handle) {
  std::unique_ptr<BoxHandle> owned(handle);
  if (!owned) return;
  std::lock_guard lock(owned->runtime->loop()->mutex);
  owned->runtime->ForgetHandle(owned->box);
}

BoxliteErrorCode boxlite_box_info(CBoxHandle* handle, CBoxInfoCb cb, void* user_data,
                                  CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  auto& loop = *handle->runtime->loop();
  std::lock_guard lock(loop.mutex);
  const Box& box = *handle->box;
  const bool removed = box.status == BoxStatus::kRemoved;
  PostInfo(loop, removed ? nullptr : NewInfo(box),
           removed ? Failure{BOXLITE_NOT_FOUND, "Box not found: " + box.id} : Failure{}, cb, user_data);
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_get_info(CBoxliteRuntime* runtime, const char* id_or_name, CBoxInfoCb cb,
                                  void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  auto& loop = *runtime->runtime->loop();
  std::lock_guard lock(loop.mutex);
  Failure failure;
  auto box = runtime->runtime->Find(id_or_name, failure);
  PostInfo(loop, box ? NewInfo(*box) : nullptr, failure, cb, user_data);
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_list_info(CBoxliteRuntime* runtime, CBoxInfoListCb cb, void* user_data,
                                   CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  auto& loop = *runtime->runtime->loop();
  std::lock_guard lock(loop.mutex);
  const auto& boxes = runtime->runtime->boxes();
  using Owned = std::unique_ptr<CBoxInfoList, FreeInfoList>;
  Owned list(static_cast<CBoxInfoList*>(std::calloc(1, sizeof(CBoxInfoList))));
  if (list && !boxes.empty())
    list->items = static_cast<CBoxInfo*>(std::calloc(boxes.size(), sizeof(CBoxInfo)));
  if (list && list->items != nullptr) {
    for (const auto& [id, box] : boxes) FillInfo(list->items[list->count++], *box);
  }
  auto shared = std::make_shared<Owned>(std::move(list));
  loop.Post([shared, cb, user_data] {
    CallbackError ok({});
    cb(shared->release(), ok.get(), user_data);
  });
  return BOXLITE_OK;
}

void boxlite_free_box_info(CBoxInfo* info) {
  if (info == nullptr) return;
  ClearInfo(*info);
  std::free(info);
}

void boxlite_free_box_info_list(CBoxInfoList* list) {
  if (list == nullptr) return;
  for (int i = 0; i < list->count; ++i) ClearInfo(list->items[i]);
  std::free(list->items);
  std::free(list);
}

}  // extern "C"
