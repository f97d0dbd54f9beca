// What the embedded engine cannot do: exported, because consumers link against it, checked like the rest, and
// answered with Unsupported.
#include <cstdlib>
#include <memory>
#include <string>

#include "engine/argument_checks.h"
#include "engine/runtime.h"

using namespace boxlite::engine;

struct ImageHandle {
  std::shared_ptr<Runtime> runtime;
};
struct VolumeHandle {
  std::shared_ptr<Runtime> runtime;
};
struct BoxNetworkHandle {};
struct BoxTunnelHandle {};
struct CredentialHandle {
  std::string key;
};
struct RestOptionsHandle {
  std::string url;
  std::string key;
  std::string path_prefix;
};

namespace {

const Failure kNoImages{BOXLITE_UNSUPPORTED, "the embedded engine has no images"};
const Failure kNoVolumes{BOXLITE_UNSUPPORTED, "named volumes are not supported yet"};
const Failure kNoArchives{BOXLITE_UNSUPPORTED, "the embedded engine has no archives"};
const Failure kNoTunnels{BOXLITE_UNSUPPORTED, "the embedded engine has no tunnels yet"};
const Failure kNoServers{BOXLITE_UNSUPPORTED, "the embedded engine does not speak to servers"};

/// Posts a failure to a callback without a payload.
template <class Callback>
BoxliteErrorCode Refuse(Runtime& runtime, Callback cb, void* user_data, const Failure& failure) {
  std::lock_guard lock(runtime.loop()->mutex);
  runtime.loop()->Post([done = AnswerTo(cb, user_data), failure] { done(failure); });
  return BOXLITE_OK;
}

/// The same to one whose payload is a pointer.
template <class Payload>
BoxliteErrorCode RefusePayload(Runtime& runtime, void (*cb)(Payload*, CBoxliteError*, void*), void* user_data,
                               const Failure& failure) {
  return Refuse(
      runtime, [cb](CBoxliteError* error, void* data) { cb(nullptr, error, data); }, user_data, failure);
}

Failure CheckOpen(Runtime& runtime, const char* action) {
  std::lock_guard lock(runtime.loop()->mutex);
  return runtime.CheckOpen(action);
}

}  // namespace

extern "C" {

// ---- Images -----------------------------------------------------------------------------------------

BoxliteErrorCode boxlite_runtime_images(CBoxliteRuntime* runtime, CBoxliteImageHandle** out_handle,
                                        CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (out_handle == nullptr) return ReportNull("out_handle", out_error);
  if (auto failure = CheckOpen(*runtime->runtime, "use images")) return Report(failure, out_error);
  *out_handle = std::make_unique<ImageHandle>(ImageHandle{runtime->runtime}).release();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_image_pull(CBoxliteImageHandle* handle, const char* image_ref, CBoxImagePullCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(image_ref, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "pull")) return Report(failure, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoImages);
}

BoxliteErrorCode boxlite_image_list(CBoxliteImageHandle* handle, CBoxImageListCb cb, void* user_data,
                                    CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "list images")) return Report(failure, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoImages);
}

void boxlite_image_free(CBoxliteImageHandle* handle) { std::unique_ptr<ImageHandle> owned(handle); }

// Never handed out, so there is nothing inside them.
void boxlite_free_image_info_list(CImageInfoList* list) { std::free(list); }
void boxlite_free_image_pull_result(CImagePullResult* result) { std::free(result); }

// ---- Volumes ----------------------------------------------------------------------------------------

BoxliteErrorCode boxlite_runtime_volumes(CBoxliteRuntime* runtime, CBoxliteVolumeHandle** out_handle,
                                         CBoxliteError* out_error) {
  if (runtime == nullptr) return ReportNull("runtime", out_error);
  if (out_handle == nullptr) return ReportNull("out_handle", out_error);
  if (auto failure = CheckOpen(*runtime->runtime, "use volumes")) return Report(failure, out_error);
  *out_handle = std::make_unique<VolumeHandle>(VolumeHandle{runtime->runtime}).release();
  return BOXLITE_OK;
}

BoxliteErrorCode boxlite_volume_create(CBoxliteVolumeHandle* handle, CBoxVolumeCreateCb cb, void* user_data,
                                       CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "create a volume")) return Report(failure, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoVolumes);
}

BoxliteErrorCode boxlite_volume_list(CBoxliteVolumeHandle* handle, CBoxVolumeListCb cb, void* user_data,
                                     CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "list volumes")) return Report(failure, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoVolumes);
}

BoxliteErrorCode boxlite_volume_get(CBoxliteVolumeHandle* handle, const char* id, CBoxVolumeGetCb cb,
                                    void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(id, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "get a volume")) return Report(failure, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoVolumes);
}

BoxliteErrorCode boxlite_volume_remove(CBoxliteVolumeHandle* handle, const char* id, int,
                                       CBoxVolumeRemoveCb cb, void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(id, out_error)) return code;
  if (auto failure = CheckOpen(*handle->runtime, "remove a volume")) return Report(failure, out_error);
  return Refuse(*handle->runtime, cb, user_data, kNoVolumes);
}

void boxlite_volume_free(CBoxliteVolumeHandle* handle) { std::unique_ptr<VolumeHandle> owned(handle); }
void boxlite_free_volume_info(CVolumeInfo* info) { std::free(info); }
void boxlite_free_volume_info_list(CVolumeInfoList* list) { std::free(list); }

// ---- Archives ---------------------------------------------------------------------------------------

BoxliteErrorCode boxlite_box_export(CBoxHandle* handle, const char* dest, CBoxExportCb cb, void* user_data,
                                    CBoxliteError* out_error) {
  if (auto code = CheckPosted(handle, "handle", cb, out_error)) return code;
  if (auto code = CheckText(dest, out_error)) return code;
  if (*dest == '\0') return Report({BOXLITE_INVALID_ARGUMENT, "dest is empty"}, out_error);
  return RefusePayload(*handle->runtime, cb, user_data, kNoArchives);
}

BoxliteErrorCode boxlite_runtime_import(CBoxliteRuntime* runtime, const char* archive_path, const char*,
                                        CRuntimeImportCb cb, void* user_data, CBoxliteError* out_error) {
  if (auto code = CheckPosted(runtime, "runtime", cb, out_error)) return code;
  if (auto code = CheckText(archive_path, out_error)) return code;
  if (*archive_path == '\0') return Report({BOXLITE_INVALID_ARGUMENT, "archive_path is empty"}, out_error);
  return RefusePayload(*runtime->runtime, cb, user_data, kNoArchives);
}

// ---- Network ----------------------------------------------------------------------------------------

BoxliteErrorCode boxlite_box_network(CBoxHandle* handle, CBoxNetworkHandle** out_network,
                                     CBoxliteError* out_error) {
  if (out_network != nullptr) *out_network = nullptr;
  if (handle == nullptr) return ReportNull("handle", out_error);
  if (out_network == nullptr) return ReportNull("out_network", out_error);
  *out_network = std::make_unique<BoxNetworkHandle>().release();
  return BOXLITE_OK;
}

void boxlite_network_free(CBoxNetworkHandle* network) { std::unique_ptr<BoxNetworkHandle> owned(network); }

BoxliteErrorCode boxlite_network_tunnel(CBoxNetworkHandle* network, uint16_t port,
                                        CBoxTunnelHandle** out_tunnel, CBoxliteError* out_error) {
  if (out_tunnel != nullptr) *out_tunnel = nullptr;
  if (network == nullptr) return ReportNull("network", out_error);
  if (out_tunnel == nullptr) return ReportNull("out_tunnel", out_error);
  if (port == 0) return Report({BOXLITE_INVALID_ARGUMENT, "port must be in 1..=65535"}, out_error);
  return Report(kNoTunnels, out_error);
}

BoxliteErrorCode boxlite_tunnel_uri(CBoxTunnelHandle* tunnel, char** out_uri, CBoxliteError* out_error) {
  if (out_uri != nullptr) *out_uri = nullptr;
  if (tunnel == nullptr) return ReportNull("tunnel", out_error);
  if (out_uri == nullptr) return ReportNull("out_uri", out_error);
  return Report(kNoTunnels, out_error);
}

BoxliteErrorCode boxlite_tunnel_endpoint(CBoxTunnelHandle* tunnel, BoxliteEndpointType* out_type,
                                         char** out_uri, int32_t* out_fd, CBoxliteError* out_error) {
  if (out_uri != nullptr) *out_uri = nullptr;
  if (out_fd != nullptr) *out_fd = -1;
  if (tunnel == nullptr) return ReportNull("tunnel", out_error);
  if (out_type == nullptr) return ReportNull("out_type", out_error);
  return Report(kNoTunnels, out_error);
}

BoxliteErrorCode boxlite_tunnel_connect(CBoxTunnelHandle* tunnel, int32_t* out_fd, CBoxliteError* out_error) {
  if (out_fd != nullptr) *out_fd = -1;
  if (tunnel == nullptr) return ReportNull("tunnel", out_error);
  if (out_fd == nullptr) return ReportNull("out_fd", out_error);
  return Report(kNoTunnels, out_error);
}

void boxlite_tunnel_free(CBoxTunnelHandle* tunnel) { std::unique_ptr<BoxTunnelHandle> owned(tunnel); }

// ---- Remote servers ---------------------------------------------------------------------------------

BoxliteErrorCode boxlite_api_key_credential_new(const char* key, CBoxliteCredential** out_credential,
                                                CBoxliteError* out_error) {
  if (out_credential == nullptr) return ReportNull("out_credential", out_error);
  if (auto code = CheckText(key, out_error)) return code;
  *out_credential = std::make_unique<CredentialHandle>(CredentialHandle{key}).release();
  return BOXLITE_OK;
}

void boxlite_credential_free(CBoxliteCredential* credential) {
  std::unique_ptr<CredentialHandle> owned(credential);
}

BoxliteErrorCode boxlite_rest_options_new(const char* url, CBoxliteRestOptions** out_options,
                                          CBoxliteError* out_error) {
  if (out_options == nullptr) return ReportNull("out_options", out_error);
  if (auto code = CheckText(url, out_error)) return code;
  *out_options = std::make_unique<RestOptionsHandle>(RestOptionsHandle{url, {}, {}}).release();
  return BOXLITE_OK;
}

void boxlite_rest_options_set_credential(CBoxliteRestOptions* options, const CBoxliteCredential* credential) {
  if (options != nullptr && credential != nullptr) options->key = credential->key;
}

void boxlite_rest_options_set_path_prefix(CBoxliteRestOptions* options, const char* path_prefix) {
  if (options != nullptr && path_prefix != nullptr && IsUtf8(path_prefix)) options->path_prefix = path_prefix;
}

void boxlite_rest_options_free(CBoxliteRestOptions* options) {
  std::unique_ptr<RestOptionsHandle> owned(options);
}

BoxliteErrorCode boxlite_rest_runtime_new_with_options(const CBoxliteRestOptions* options,
                                                       CBoxliteRuntime** out_runtime,
                                                       CBoxliteError* out_error) {
  if (out_runtime == nullptr) return ReportNull("out_runtime", out_error);
  if (options == nullptr) return ReportNull("options", out_error);
  return Report(kNoServers, out_error);
}

}  // extern "C"
