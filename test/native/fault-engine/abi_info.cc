// The ABI's functions that tell of boxes, and those whose signature depends on the generation.
#include "handles.h"
#include "info.h"
#include "posted.h"

using namespace boxlite::fault;

namespace {

/// Posts what is told of one box; freed here where the queue is closed before it is told.
BoxliteErrorCode PostInfo(const std::shared_ptr<Runtime>& runtime, const std::string& wanted, CBoxInfoCb cb,
                          void* user_data, CBoxliteError* out) {
  Lock lock = Enter();
  auto box = std::make_shared<std::shared_ptr<Box>>();
  auto act = [runtime, wanted, box] {
    Failure failure;
    *box = runtime->Find(wanted, failure);
    return failure;
  };
  return Post(lock, runtime->queue, runtime->script.FaultOf("info"), out, act,
              [box, cb, user_data](const Failure& failure, bool null) {
                CBoxInfo* info = nullptr;
                if (!failure && !null) {
                  Lock told = Enter();
                  info = NewInfo(**box);
                }
                CallbackError error(failure);
                cb(info, error.get(), user_data);
              });
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_get_info(CBoxliteRuntime* runtime, const char* id_or_name, CBoxInfoCb cb,
                                  void* user_data, CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  if (auto code = CheckText(id_or_name, out_error)) return code;
  return PostInfo(runtime->runtime, id_or_name, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_list_info(CBoxliteRuntime* runtime, CBoxInfoListCb cb, void* user_data,
                                   CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  Lock lock = Enter();
  auto self = runtime->runtime;
  auto answer = [self, cb, user_data](const Failure& failure, bool null) {
    CBoxInfoList* list = nullptr;
    if (!failure && !null) {
      Lock told = Enter();
      std::vector<const Box*> boxes;
      for (const auto& box : self->boxes) boxes.push_back(box.get());
      list = NewInfoList(boxes);
    }
    CallbackError error(failure);
    cb(list, error.get(), user_data);
  };
  return Post(
      lock, self->queue, self->script.FaultOf("list"), out_error, [] { return Failure{}; }, answer);
}

void boxlite_free_box_info(CBoxInfo* info) { FreeInfo(info); }

void boxlite_free_box_info_list(CBoxInfoList* list) { FreeInfoList(list); }

#if FAULT_GENERATION == 95

BoxliteErrorCode BoxInfo095(CBoxHandle* handle, CBoxInfo095** out_info,
                            CBoxliteError* out_error) __asm__("boxlite_box_info");
void AddPort095(CBoxliteOptions* opts, int guest_port, int host_port) __asm__("boxlite_options_add_port");

__attribute__((visibility("default"))) BoxliteErrorCode BoxInfo095(CBoxHandle* handle, CBoxInfo095** out_info,
                                                                   CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (out_info == nullptr) return ReportNull("out_info", out_error);
  Lock lock = Enter();
  *out_info = reinterpret_cast<CBoxInfo095*>(NewInfo(*handle->box));
  return BOXLITE_OK;
}

__attribute__((visibility("default"))) void AddPort095(CBoxliteOptions*, int guest_port, int host_port) {
  Lock lock = Enter();
  Note("add_port guest " + std::to_string(guest_port) + " host " + std::to_string(host_port));
}

#else

BoxliteErrorCode boxlite_box_info(CBoxHandle* handle, CBoxInfoCb cb, void* user_data,
                                  CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (cb == nullptr) return ReportNull("cb", out_error);
  return PostInfo(handle->runtime, handle->box->id, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_options_add_port(CBoxliteOptions* opts, uint16_t host_port, uint16_t guest_port,
                                          BoxlitePortProtocol, const char*) {
  if (opts == nullptr || guest_port == 0) return BOXLITE_INVALID_ARGUMENT;
  Lock lock = Enter();
  Note("add_port guest " + std::to_string(guest_port) + " host " + std::to_string(host_port));
  return BOXLITE_OK;
}

#endif

const char* boxlite_version(void) {
  // A build between two tags says the older one: generations are told by symbols.
  return FAULT_VERSION;
}

}  // extern "C"
