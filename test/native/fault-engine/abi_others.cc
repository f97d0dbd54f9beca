// The rest of the ABI: files, metrics, images, volumes, tunnels, servers. Checked as the library does; what
// has no substance here answers with Unsupported, or with a sample.
#include <cstdlib>

#include "handles.h"
#include "posted.h"

using namespace boxlite::fault;

struct ImageHandle {
  std::shared_ptr<Runtime> runtime;
};
struct VolumeHandle {
  std::shared_ptr<Runtime> runtime;
};
struct BoxNetworkHandle {
  std::shared_ptr<Box> box;
};
struct CredentialHandle {
  std::string key;
};
struct RestOptionsHandle {
  std::string url;
};

namespace {

const Failure kNoVolumes{BOXLITE_UNSUPPORTED, "named volumes are not supported yet"};
const Failure kNothing{BOXLITE_UNSUPPORTED, "the fault engine does not do this"};

template <class Callback>
BoxliteErrorCode CheckPosted(const void* handle, const char* name, Callback cb, CBoxliteError* out) {
  if (handle == nullptr) return ReportNull(name, out);
  return cb == nullptr ? ReportNull("cb", out) : BOXLITE_OK;
}

/// What boots a box that does not run, as copies, metrics and tunnels do: H16.
Failure Boot(CBoxHandle& handle) {
  if (handle.life->over) return {BOXLITE_STOPPED, "the box of this handle was stopped"};
  if (!handle.box->running()) Note("booted by the way " + handle.box->options.name);
  handle.box->status = "running";
  return {};
}

BoxliteErrorCode Copy(CBoxHandle* handle, const char* from, const char* to, CBoxCopyCb cb, void* user_data,
                      CBoxliteError* out) {
  if (auto code = CheckPosted(handle, "handle", cb, out)) return code;
  if (auto code = CheckText(from, out)) return code;
  if (auto code = CheckText(to, out)) return code;
  Lock lock = Enter();
  auto act = [failure = Boot(*handle)] { return failure; };
  return Post(lock, handle->runtime->queue, handle->box->script.FaultOf("copy"), out, act,
              AnswerTo(cb, user_data));
}

/// A posted call whose payload is a pointer that is never there.
template <class Payload>
BoxliteErrorCode Refuse(const std::shared_ptr<Runtime>& runtime, const Failure& failure,
                        void (*cb)(Payload*, CBoxliteError*, void*), void* user_data, CBoxliteError* out) {
  Lock lock = Enter();
  auto answer = [cb, user_data](const Failure& why, bool) {
    CallbackError error(why);
    cb(nullptr, error.get(), user_data);
  };
  return Post(
      lock, runtime->queue, Fault{}, out, [failure] { return failure; }, answer);
}

BoxliteErrorCode RefusePlain(const std::shared_ptr<Runtime>& runtime, const Failure& failure,
                             CBoxVolumeRemoveCb cb, void* user_data, CBoxliteError* out) {
  Lock lock = Enter();
  return Post(
      lock, runtime->queue, Fault{}, out, [failure] { return failure; }, AnswerTo(cb, user_data));
}

template <class Handle>
BoxliteErrorCode HandOut(CBoxliteRuntime* runtime, const char* call, Handle** out_handle,
                         CBoxliteError* out) {
  if (runtime == nullptr) return ReportNull("runtime", out);
  if (out_handle == nullptr) return ReportNull("out_handle", out);
  Lock lock = Enter();
  const Fault& fault = runtime->runtime->script.FaultOf(call);
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out);
  if (runtime->runtime->shut_down)
    return Report({BOXLITE_STOPPED, "Cannot open: runtime has been shut down or closed"}, out);
  *out_handle = std::unique_ptr<Handle>(new Handle{runtime->runtime}).release();
  return BOXLITE_OK;
}

CImagePullResult* SamplePull(const std::string& reference) {
  auto* result = static_cast<CImagePullResult*>(std::calloc(1, sizeof(CImagePullResult)));
  result->reference = CopyOut(reference);
  result->config_digest = CopyOut("sha256:0");
  result->layer_count = 1;
  return result;
}

template <class T>
void Free(T* handle) {
  std::unique_ptr<T> owned(handle);
}

}  // namespace

extern "C" {

// ---- Files, archives, metrics -----------------------------------------------------------------------

BoxliteErrorCode boxlite_copy_into(CBoxHandle* handle, const char* host_src, const char* guest_dst,
                                   CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return Copy(handle, host_src, guest_dst, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_copy_out(CBoxHandle* handle, const char* guest_src, const char* host_dst,
                                  CBoxCopyCb cb, void* user_data, CBoxliteError* out_error) {
  return Copy(handle, guest_src, host_dst, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_box_export(CBoxHandle* handle, const char* dest, CBoxExportCb cb, void* user_data,
                                    CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(dest, out_error)) return code;
  return Refuse(handle->runtime, kNothing, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_runtime_import(CBoxliteRuntime* runtime, const char* archive_path, const char*,
                                        CRuntimeImportCb cb, void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(runtime, "runtime", cb, out_error)) return code;
  if (auto code = CheckText(archive_path, out_error)) return code;
  return Refuse(runtime->runtime, kNothing, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_box_metrics(CBoxHandle* handle, CBoxMetricsCb cb, void* user_data,
                                     CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  Lock lock = Enter();
  auto answer = [cb, user_data](const Failure& failure, bool null) {
    CBoxMetrics metrics{};
    metrics.commands_executed = 1;
    CallbackError error(failure);
    cb(failure || null ? nullptr : &metrics, error.get(), user_data);
  };
  auto act = [failure = Boot(*handle)] { return failure; };
  return Post(lock, handle->runtime->queue, handle->box->script.FaultOf("metrics"), out_error, act, answer);
}

CBoxCopyOutStream* boxlite_copy_out_start(CBoxHandle*, const char*, int32_t*, CBoxliteError* out_error) {
  Report(kNothing, out_error);
  return nullptr;
}
BoxliteErrorCode boxlite_copy_out_read(CBoxCopyOutStream*, uint8_t*, size_t, size_t*,
                                       CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
void boxlite_copy_out_free(CBoxCopyOutStream*) {}
CBoxCopyInStream* boxlite_copy_in_start(CBoxHandle*, const char*, int32_t, CBoxCopyCb, void*,
                                        CBoxliteError* out_error) {
  Report(kNothing, out_error);
  return nullptr;
}
BoxliteErrorCode boxlite_copy_in_write(CBoxCopyInStream*, const uint8_t*, size_t, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_copy_in_close(CBoxCopyInStream*, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_copy_in_abort(CBoxCopyInStream*, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
void boxlite_copy_in_free(CBoxCopyInStream*) {}

// ---- Images and volumes -----------------------------------------------------------------------------

BoxliteErrorCode boxlite_runtime_images(CBoxliteRuntime* runtime, CBoxliteImageHandle** out_handle,
                                        CBoxliteError* out_error) {
  return HandOut(runtime, "images", out_handle, out_error);
}

BoxliteErrorCode boxlite_image_pull(CBoxliteImageHandle* handle, const char* image_ref, CBoxImagePullCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(image_ref, out_error)) return code;
  Lock lock = Enter();
  auto answer = [cb, user_data, reference = std::string(image_ref)](const Failure& failure, bool null) {
    CallbackError error(failure);
    cb(failure || null ? nullptr : SamplePull(reference), error.get(), user_data);
  };
  return Post(
      lock, handle->runtime->queue, handle->runtime->script.FaultOf("pull"), out_error,
      [] { return Failure{}; }, answer);
}

BoxliteErrorCode boxlite_image_list(CBoxliteImageHandle* handle, CBoxImageListCb cb, void* user_data,
                                    CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  Lock lock = Enter();
  auto answer = [cb, user_data](const Failure& failure, bool null) {
    // An empty list has a dangling pointer to its items.
    auto* list =
        failure || null ? nullptr : static_cast<CImageInfoList*>(std::calloc(1, sizeof(CImageInfoList)));
    if (list != nullptr) list->items = reinterpret_cast<CImageInfo*>(alignof(CImageInfo));
    CallbackError error(failure);
    cb(list, error.get(), user_data);
  };
  return Post(
      lock, handle->runtime->queue, Fault{}, out_error, [] { return Failure{}; }, answer);
}

void boxlite_image_free(CBoxliteImageHandle* handle) { Free(handle); }
void boxlite_free_image_info_list(CImageInfoList* list) { std::free(list); }
void boxlite_free_image_pull_result(CImagePullResult* result) {
  if (result == nullptr) return;
  std::free(result->reference);
  std::free(result->config_digest);
  std::free(result);
}

BoxliteErrorCode boxlite_runtime_volumes(CBoxliteRuntime* runtime, CBoxliteVolumeHandle** out_handle,
                                         CBoxliteError* out_error) {
  return HandOut(runtime, "volumes", out_handle, out_error);
}

#if FAULT_GENERATION == 11

BoxliteErrorCode VolumeCreateNext(CBoxliteVolumeHandle* handle, const char* name, CBoxVolumeCreateCb cb,
                                  void* user_data, CBoxliteError* out_error) __asm__("boxlite_volume_create");
__attribute__((visibility("default"))) BoxliteErrorCode VolumeCreateNext(CBoxliteVolumeHandle* handle,
                                                                         const char*, CBoxVolumeCreateCb cb,
                                                                         void* user_data,
                                                                         CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  return Refuse(handle->runtime, kNoVolumes, cb, user_data, out_error);
}

#else

BoxliteErrorCode boxlite_volume_create(CBoxliteVolumeHandle* handle, CBoxVolumeCreateCb cb, void* user_data,
                                       CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  return Refuse(handle->runtime, kNoVolumes, cb, user_data, out_error);
}

#endif

BoxliteErrorCode boxlite_volume_list(CBoxliteVolumeHandle* handle, CBoxVolumeListCb cb, void* user_data,
                                     CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  return Refuse(handle->runtime, kNoVolumes, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_volume_get(CBoxliteVolumeHandle* handle, const char* id, CBoxVolumeGetCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(id, out_error)) return code;
  return Refuse(handle->runtime, kNoVolumes, cb, user_data, out_error);
}

BoxliteErrorCode boxlite_volume_remove(CBoxliteVolumeHandle* handle, const char* id, int,
                                       CBoxVolumeRemoveCb cb, void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(id, out_error)) return code;
  return RefusePlain(handle->runtime, kNoVolumes, cb, user_data, out_error);
}

void boxlite_volume_free(CBoxliteVolumeHandle* handle) { Free(handle); }
void boxlite_free_volume_info(CVolumeInfo*) {}
void boxlite_free_volume_info_list(CVolumeInfoList*) {}

// ---- Network ----------------------------------------------------------------------------------------

BoxliteErrorCode boxlite_box_network(CBoxHandle* handle, CBoxNetworkHandle** out_network,
                                     CBoxliteError* out_error) {
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (out_network == nullptr) return ReportNull("out_network", out_error);
  Lock lock = Enter();
  *out_network = std::unique_ptr<BoxNetworkHandle>(new BoxNetworkHandle{handle->box}).release();
  return BOXLITE_OK;
}

void boxlite_network_free(CBoxNetworkHandle* network) {
  Lock lock = Enter();
  Free(network);
}

BoxliteErrorCode boxlite_network_tunnel(CBoxNetworkHandle* network, uint16_t port,
                                        CBoxTunnelHandle** out_tunnel, CBoxliteError* out_error) {
  if (network == nullptr) return ReportNull("network", out_error);
  if (out_tunnel == nullptr) return ReportNull("out_tunnel", out_error);
  *out_tunnel = nullptr;
  if (port == 0) return Report({BOXLITE_INVALID_ARGUMENT, "port must not be 0"}, out_error);
  return Report({BOXLITE_NETWORK, "connection refused"}, out_error);
}

BoxliteErrorCode boxlite_tunnel_uri(CBoxTunnelHandle*, char**, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_tunnel_endpoint(CBoxTunnelHandle*, BoxliteEndpointType*, char**, int32_t*,
                                         CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_tunnel_connect(CBoxTunnelHandle*, int32_t*, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
void boxlite_tunnel_free(CBoxTunnelHandle*) {}
BoxliteErrorCode boxlite_tunnel_forward(CBoxTunnelHandle*, const BoxliteSocketAddress*,
                                        CTunnelForwarderHandle**, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_tunnel_forwarder_address(CTunnelForwarderHandle*, char**, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_tunnel_forwarder_wait(CTunnelForwarderHandle*, CTunnelForwarderWaitCb, void*,
                                               CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
BoxliteErrorCode boxlite_tunnel_forwarder_close(CTunnelForwarderHandle*, CTunnelForwarderCloseCb, void*,
                                                CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
void boxlite_tunnel_forwarder_free(CTunnelForwarderHandle*) {}

// ---- Servers and the simple API ---------------------------------------------------------------------

BoxliteErrorCode boxlite_api_key_credential_new(const char* key, CBoxliteCredential** out_credential,
                                                CBoxliteError* out_error) {
  if (out_credential == nullptr) return ReportNull("out_credential", out_error);
  if (auto code = CheckText(key, out_error)) return code;
  *out_credential = std::unique_ptr<CredentialHandle>(new CredentialHandle{key}).release();
  return BOXLITE_OK;
}

void boxlite_credential_free(CBoxliteCredential* credential) { Free(credential); }

BoxliteErrorCode boxlite_rest_options_new(const char* url, CBoxliteRestOptions** out_options,
                                          CBoxliteError* out_error) {
  if (out_options == nullptr) return ReportNull("out_options", out_error);
  if (auto code = CheckText(url, out_error)) return code;
  *out_options = std::unique_ptr<RestOptionsHandle>(new RestOptionsHandle{url}).release();
  return BOXLITE_OK;
}

void boxlite_rest_options_set_credential(CBoxliteRestOptions*, const CBoxliteCredential*) {}
void boxlite_rest_options_set_path_prefix(CBoxliteRestOptions*, const char*) {}
void boxlite_rest_options_free(CBoxliteRestOptions* options) { Free(options); }

/// The script is the URL; behind it are the same boxes.
BoxliteErrorCode boxlite_rest_runtime_new_with_options(const CBoxliteRestOptions* options,
                                                       CBoxliteRuntime** out_runtime,
                                                       CBoxliteError* out_error) {
  if (out_runtime == nullptr) return ReportNull("out_runtime", out_error);
  if (options == nullptr) return ReportNull("options", out_error);
  return boxlite_runtime_new(options->url.c_str(), nullptr, 0, out_runtime, out_error);
}

BoxliteErrorCode boxlite_cloud_runner_runtime_new(const char* home_dir,
                                                  const BoxliteImageRegistry* registries, int count, int,
                                                  const char*, CBoxliteRuntime** out_runtime,
                                                  CBoxliteError* out_error) {
  return boxlite_runtime_new(home_dir, registries, count, out_runtime, out_error);
}

BoxliteErrorCode boxlite_simple_new(const char*, int, int, CBoxliteSimple**, CBoxliteError* out_error) {
  return Report({BOXLITE_INTERNAL, kNothing.detail}, BOXLITE_UNSUPPORTED, out_error);
}
BoxliteErrorCode boxlite_simple_run(CBoxliteSimple*, const char*, const char* const*, int,
                                    CBoxliteExecResult**, CBoxliteError* out_error) {
  return Report(kNothing, out_error);
}
void boxlite_simple_free(CBoxliteSimple*) {}
void boxlite_result_free(CBoxliteExecResult*) {}

}  // extern "C"
