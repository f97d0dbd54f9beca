/* BoxLite C ABI: our own declaration of what libboxlite exports.
 *
 * Written for generation 0.10; the layouts and signatures by which its neighbours differ stand at the
 * end, under names of their own. Which generation a library speaks is told by its symbols, never by
 * boxlite_version().
 *
 * Rules that hold for every function, unless its comment says otherwise:
 *   - Strings in are NUL-terminated UTF-8, copied before the call returns. `user_data` is passed through.
 *   - Strings out belong to the library and are freed with the function named beside them.
 *   - `out_error` may be NULL. It is written on failure only, without freeing what was there before.
 *   - "Posts": returns at once; Ok means that the callback runs exactly once, on a thread that drains,
 *     unless the runtime is freed first; any other code means that it never runs.
 *   - In a callback the error is never NULL: success is `error->code == 0`. It lives until the callback
 *     returns, and the dispatcher frees its message.
 *   - Every `*_free` accepts NULL.
 *   - "May block" functions wait for disk, network or a guest: never on an event loop or a drain thread.
 */
#ifndef BOXLITE_H
#define BOXLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* C++ fixes the underlying type, so that a number this header does not know is still a value. */
#ifdef __cplusplus
#define BOXLITE_ENUM(name) enum name : int32_t
#else
#define BOXLITE_ENUM(name) enum name
#endif

#if defined(BOXLITE_BUILD_SHARED)
#define BOXLITE_API __attribute__((visibility("default")))
#else
#define BOXLITE_API
#endif

#define QUEUE_CAPACITY 4096

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Enumerations ------------------------------------------------------------------------------- */

typedef BOXLITE_ENUM(BoxliteErrorCode) {
  BOXLITE_OK = 0,
  BOXLITE_INTERNAL = 1,
  BOXLITE_NOT_FOUND = 2,
  BOXLITE_ALREADY_EXISTS = 3,
  BOXLITE_INVALID_STATE = 4,
  BOXLITE_INVALID_ARGUMENT = 5,
  BOXLITE_CONFIG = 6,
  BOXLITE_STORAGE = 7,
  BOXLITE_IMAGE = 8,
  BOXLITE_NETWORK = 9,
  BOXLITE_EXECUTION = 10,
  BOXLITE_STOPPED = 11,
  BOXLITE_ENGINE = 12,
  BOXLITE_UNSUPPORTED = 13,
  BOXLITE_DATABASE = 14,
  BOXLITE_PORTAL = 15,
  BOXLITE_RPC = 16,
  BOXLITE_RPC_TRANSPORT = 17,
  BOXLITE_METADATA = 18,
  BOXLITE_UNSUPPORTED_ENGINE = 19,
  BOXLITE_RESOURCE_EXHAUSTED = 20,
  BOXLITE_SESSION_REAPED = 21
} BoxliteErrorCode;

typedef BOXLITE_ENUM(BoxliteNetworkMode) {
  BOXLITE_NETWORK_ENABLED = 0,
  BOXLITE_NETWORK_DISABLED = 1
} BoxliteNetworkMode;

typedef BOXLITE_ENUM(BoxlitePortProtocol) {
  BOXLITE_PORT_TCP = 0,
  BOXLITE_PORT_UDP = 1
} BoxlitePortProtocol;

typedef BOXLITE_ENUM(BoxliteRegistryTransport) {
  BOXLITE_REGISTRY_HTTPS = 0,
  BOXLITE_REGISTRY_HTTP = 1
} BoxliteRegistryTransport;

/* 0.9.7 only. */
typedef BOXLITE_ENUM(BoxliteEndpointType) {
  BOXLITE_ENDPOINT_URI = 0,
  BOXLITE_ENDPOINT_FILE_DESCRIPTOR = 1
} BoxliteEndpointType;

/* After 0.10. */
typedef BOXLITE_ENUM(BoxliteCopySourceKind) {
  BOXLITE_COPY_SOURCE_UNKNOWN = 0,
  BOXLITE_COPY_SOURCE_FILE = 1,
  BOXLITE_COPY_SOURCE_DIR = 2
} BoxliteCopySourceKind;

/* After 0.10: values of BoxliteSocketAddress.kind. */
enum { BOXLITE_SOCKET_ADDRESS_TCP = 0, BOXLITE_SOCKET_ADDRESS_UNIX = 1 };
typedef uint32_t BoxliteSocketAddressKind;

/* The upstream header names its codes without a prefix. C consumers are written against those names;
 * C++ code would collide with them. */
#if !defined(__cplusplus) && !defined(BOXLITE_NO_BARE_NAMES)
enum {
  Ok = BOXLITE_OK,
  Internal = BOXLITE_INTERNAL,
  NotFound = BOXLITE_NOT_FOUND,
  AlreadyExists = BOXLITE_ALREADY_EXISTS,
  InvalidState = BOXLITE_INVALID_STATE,
  InvalidArgument = BOXLITE_INVALID_ARGUMENT,
  Config = BOXLITE_CONFIG,
  Storage = BOXLITE_STORAGE,
  Image = BOXLITE_IMAGE,
  Network = BOXLITE_NETWORK,
  Execution = BOXLITE_EXECUTION,
  Stopped = BOXLITE_STOPPED,
  Engine = BOXLITE_ENGINE,
  Unsupported = BOXLITE_UNSUPPORTED,
  Database = BOXLITE_DATABASE,
  Portal = BOXLITE_PORTAL,
  Rpc = BOXLITE_RPC,
  RpcTransport = BOXLITE_RPC_TRANSPORT,
  Metadata = BOXLITE_METADATA,
  UnsupportedEngine = BOXLITE_UNSUPPORTED_ENGINE,
  ResourceExhausted = BOXLITE_RESOURCE_EXHAUSTED,
  SessionReaped = BOXLITE_SESSION_REAPED
};
#endif

/* ---- Opaque handles ----------------------------------------------------------------------------- */

typedef struct RuntimeHandle RuntimeHandle;
typedef struct RuntimeHandle CBoxliteRuntime;
typedef struct BoxHandle BoxHandle;
typedef struct BoxHandle CBoxHandle;
typedef struct ExecutionHandle ExecutionHandle;
typedef struct ExecutionHandle CExecutionHandle;
typedef struct OptionsHandle OptionsHandle;
typedef struct OptionsHandle CBoxliteOptions;
typedef struct AdvancedBoxOptionsHandle AdvancedBoxOptionsHandle;
typedef struct AdvancedBoxOptionsHandle CAdvancedBoxOptions;
typedef struct ImageHandle ImageHandle;
typedef struct ImageHandle CBoxliteImageHandle;
typedef struct VolumeHandle VolumeHandle;
typedef struct VolumeHandle CBoxliteVolumeHandle;
typedef struct BoxNetworkHandle BoxNetworkHandle;
typedef struct BoxNetworkHandle CBoxNetworkHandle;
typedef struct BoxTunnelHandle BoxTunnelHandle;
typedef struct BoxTunnelHandle CBoxTunnelHandle;
typedef struct CredentialHandle CredentialHandle;
typedef struct CredentialHandle CBoxliteCredential;
typedef struct RestOptionsHandle RestOptionsHandle;
typedef struct RestOptionsHandle CBoxliteRestOptions;
typedef struct BoxRunner BoxRunner;
typedef struct BoxRunner CBoxliteSimple;
/* After 0.10. */
typedef struct CBoxCopyInStream CBoxCopyInStream;
typedef struct CBoxCopyOutStream CBoxCopyOutStream;
typedef struct TunnelForwarderHandle TunnelForwarderHandle;
typedef struct TunnelForwarderHandle CTunnelForwarderHandle;

/* ---- Structs of 0.9.7 to 0.10 ------------------------------------------------------------------- */

/* Allocated by the caller, started as {0}. */
typedef struct FFIError {
  BoxliteErrorCode code;
  char *message; /* freed by boxlite_error_free */
} FFIError;
typedef FFIError CBoxliteError;

typedef struct BoxliteCommand {
  const char *command;     /* the program; no shell */
  const char *const *args; /* without argv[0] */
  int argc;
  const char *const *env_pairs; /* k0, v0, k1, v1, …: added to the box's environment */
  int env_count;                /* number of strings, not of pairs */
  const char *workdir;          /* NULL: the box's, else the image's */
  const char *user;             /* name|uid[:group|gid]; NULL or blank: the image's */
  double timeout_secs;          /* 0: none */
  int tty;                      /* not 0: a pseudo-terminal */
} BoxliteCommand;

typedef struct ExecResult {
  int exit_code;
  char *stdout_text;
  char *stderr_text;
} ExecResult;
typedef ExecResult CBoxliteExecResult;

typedef struct CImagePullResult {
  char *reference;
  char *config_digest;
  int layer_count;
} CImagePullResult;

typedef struct CImageInfo {
  char *reference;
  char *repository;
  char *tag;
  char *id;
  int64_t cached_at; /* Unix seconds */
  uint64_t size;     /* bytes; valid only if has_size is not 0 */
  int has_size;
} CImageInfo;

typedef struct CImageInfoList {
  CImageInfo *items;
  int count;
} CImageInfoList;

typedef struct CPublishedPort {
  uint16_t guest_port;
  char *host_ip;
  uint16_t host_port;
  BoxlitePortProtocol protocol;
} CPublishedPort;

typedef struct CPublishedPortList {
  CPublishedPort *items;
  int count;
} CPublishedPortList;

typedef struct CNetworkInfo {
  BoxliteNetworkMode mode;
  char **allow_net;
  int allow_net_count;
  CPublishedPortList *published_ports; /* NULL: not known */
} CNetworkInfo;

typedef struct CBoxInfo {
  char *id;
  char *name; /* NULL when unnamed */
  char *image;
  char *status; /* unknown|configured|running|stopping|stopped|paused|failed */
  int running;  /* 1 only for "running" */
  int pid;      /* 0: none */
  int cpus;
  int memory_mib;
  uint32_t auto_stop;   /* seconds; 0.9.7 calls it auto_pause */
  uint32_t auto_delete; /* seconds */
  int auto_resume;
  int64_t created_at;    /* Unix seconds */
  CNetworkInfo *network; /* NULL: not known */
} CBoxInfo;

typedef struct CBoxInfoList {
  CBoxInfo *items; /* the stride is sizeof(CBoxInfo) of the library's generation */
  int count;
} CBoxInfoList;

typedef struct CBoxMetrics {
  double cpu_percent;
  int64_t memory_bytes;
  int commands_executed;
  int exec_errors;
  int64_t bytes_sent;
  int64_t bytes_received;
  int64_t create_duration_ms;
  int64_t boot_duration_ms;
  int64_t network_bytes_sent;
  int64_t network_bytes_received;
  int network_tcp_connections;
  int network_tcp_errors;
} CBoxMetrics;

typedef struct CRuntimeMetrics {
  int boxes_created_total;
  int boxes_failed_total;
  int num_running_boxes;
  int total_commands_executed;
  int total_exec_errors;
} CRuntimeMetrics;

typedef struct BoxliteImageRegistry {
  const char *host; /* host[:port], no scheme, no path */
  BoxliteRegistryTransport transport;
  int skip_verify;
  int search;
  const char *username;
  const char *password;
  const char *bearer_token;
} BoxliteImageRegistry;

typedef struct CVolumeInfo {
  char *id;
  char *created_at; /* RFC 3339 */
  uint64_t size_bytes;
  int has_size;
} CVolumeInfo;

typedef struct CVolumeInfoList {
  CVolumeInfo *items;
  int count;
} CVolumeInfoList;

/* ---- Callback types ------------------------------------------------------------------------------ */

typedef void (*CBoxStdoutCb)(const uint8_t *data, size_t len, void *user_data);
typedef void (*CBoxStderrCb)(const uint8_t *data, size_t len, void *user_data);
typedef void (*CBoxExitCb)(int exit_code, void *user_data);
typedef void (*CExecutionWaitCb)(int exit_code, CBoxliteError *error, void *user_data);
typedef void (*CExecutionKillCb)(CBoxliteError *error, void *user_data);
typedef void (*CExecutionSignalCb)(CBoxliteError *error, void *user_data);
typedef void (*CExecutionResizeCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxStartBoxCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxStopBoxCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxRemoveBoxCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxCopyCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxVolumeRemoveCb)(CBoxliteError *error, void *user_data);
typedef void (*CRuntimeShutdownCb)(CBoxliteError *error, void *user_data);
typedef void (*CBoxCreateBoxCb)(CBoxHandle *box, CBoxliteError *error, void *user_data);
typedef void (*CBoxGetBoxCb)(CBoxHandle *box, CBoxliteError *error, void *user_data);
typedef void (*CRuntimeImportCb)(CBoxHandle *box, CBoxliteError *error, void *user_data);
typedef void (*CBoxGetOrCreateBoxCb)(CBoxHandle *box, bool created, CBoxliteError *error, void *user_data);
typedef void (*CBoxInfoCb)(CBoxInfo *info, CBoxliteError *error, void *user_data);
typedef void (*CBoxInfoListCb)(CBoxInfoList *list, CBoxliteError *error, void *user_data);
typedef void (*CBoxMetricsCb)(CBoxMetrics *metrics, CBoxliteError *error, void *user_data);
typedef void (*CRuntimeMetricsCb)(CRuntimeMetrics *metrics, CBoxliteError *error, void *user_data);
typedef void (*CBoxImagePullCb)(CImagePullResult *result, CBoxliteError *error, void *user_data);
typedef void (*CBoxImageListCb)(CImageInfoList *list, CBoxliteError *error, void *user_data);
typedef void (*CBoxVolumeCreateCb)(CVolumeInfo *info, CBoxliteError *error, void *user_data);
typedef void (*CBoxVolumeGetCb)(CVolumeInfo *info, CBoxliteError *error, void *user_data);
typedef void (*CBoxVolumeListCb)(CVolumeInfoList *list, CBoxliteError *error, void *user_data);
typedef void (*CBoxExportCb)(char *path, CBoxliteError *error, void *user_data);
/* After 0.10. */
typedef void (*CTunnelForwarderWaitCb)(CBoxliteError *error, void *user_data);
typedef void (*CTunnelForwarderCloseCb)(CBoxliteError *error, void *user_data);

/* ---- Version, strings, errors -------------------------------------------------------------------- */

/* A static string, never freed. */
BOXLITE_API const char *boxlite_version(void);
/* For strings from boxlite_box_id, boxlite_tunnel_uri, boxlite_tunnel_endpoint, the export callback and
 * boxlite_tunnel_forwarder_address; not for struct members, not for error messages. */
BOXLITE_API void boxlite_free_string(char *s);
/* Frees the message and makes the struct {Ok, NULL}; does not free the struct. */
BOXLITE_API void boxlite_error_free(CBoxliteError *error);

/* ---- Runtime ------------------------------------------------------------------------------------- */

/* May block. Takes the home directory's lock; `home_dir` NULL: BOXLITE_HOME, else the engine's own. */
BOXLITE_API BoxliteErrorCode boxlite_runtime_new(const char *home_dir,
                                                 const BoxliteImageRegistry *image_registries,
                                                 int image_registries_count, CBoxliteRuntime **out_runtime,
                                                 CBoxliteError *out_error);
/* No network traffic here: a bad address shows in the first posted operation. */
BOXLITE_API BoxliteErrorCode boxlite_rest_runtime_new_with_options(const CBoxliteRestOptions *options,
                                                                   CBoxliteRuntime **out_runtime,
                                                                   CBoxliteError *out_error);
/* Posts. Stops every box that is not detached. `timeout_secs` is per box; 0: 10 s; -1: no limit. */
BOXLITE_API BoxliteErrorCode boxlite_runtime_shutdown(CBoxliteRuntime *runtime, int timeout_secs,
                                                      CRuntimeShutdownCb cb, void *user_data,
                                                      CBoxliteError *out_error);
/* May block. Queued events are discarded. No other call on the runtime may be entered meanwhile. */
BOXLITE_API void boxlite_runtime_free(CBoxliteRuntime *runtime);
/* May block, at least until `timeout_ms` has passed. Runs callbacks on this thread and returns how many,
 * or -1 for a NULL runtime. A negative time-out may not return before the runtime is freed. */
BOXLITE_API int boxlite_runtime_drain(CBoxliteRuntime *runtime, int timeout_ms, CBoxliteError *out_error);
/* Posts. The metrics live during the callback only. */
BOXLITE_API BoxliteErrorCode boxlite_runtime_metrics(CBoxliteRuntime *runtime, CRuntimeMetricsCb cb,
                                                     void *user_data, CBoxliteError *out_error);

/* ---- Box options: one thread at a time ----------------------------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_options_new(const char *image, CBoxliteOptions **out_opts,
                                                 CBoxliteError *out_error);
/* Never after a create that returned Ok: it has consumed them. */
BOXLITE_API void boxlite_options_free(CBoxliteOptions *opts);
BOXLITE_API void boxlite_options_set_rootfs_path(CBoxliteOptions *opts, const char *path);
BOXLITE_API void boxlite_options_set_name(CBoxliteOptions *opts, const char *name);
BOXLITE_API void boxlite_options_set_cpus(CBoxliteOptions *opts, int cpus);
BOXLITE_API void boxlite_options_set_memory(CBoxliteOptions *opts, int memory_mib);
BOXLITE_API void boxlite_options_set_disk_size_gb(CBoxliteOptions *opts, int disk_size_gb);
BOXLITE_API void boxlite_options_set_workdir(CBoxliteOptions *opts, const char *workdir);
/* After 0.10, and the embedded engine. */
BOXLITE_API void boxlite_options_set_user(CBoxliteOptions *opts, const char *user);
BOXLITE_API void boxlite_options_add_env(CBoxliteOptions *opts, const char *key, const char *val);
/* Up to 0.10. */
BOXLITE_API void boxlite_options_add_volume(CBoxliteOptions *opts, const char *host_path,
                                            const char *guest_path, int read_only);
/* 0.9.5 has another signature: BoxliteOptionsAddPort095Fn. */
BOXLITE_API BoxliteErrorCode boxlite_options_add_port(CBoxliteOptions *opts, uint16_t host_port,
                                                      uint16_t guest_port, BoxlitePortProtocol protocol,
                                                      const char *host_ip);
/* Clears the allow list: call before adding to it. */
BOXLITE_API void boxlite_options_set_network_enabled(CBoxliteOptions *opts);
BOXLITE_API void boxlite_options_set_network_disabled(CBoxliteOptions *opts);
BOXLITE_API void boxlite_options_add_network_allow(CBoxliteOptions *opts, const char *host);
/* The 0.10 development build, and after 0.10. */
BOXLITE_API void boxlite_options_set_network_inbound_enabled(CBoxliteOptions *opts);
BOXLITE_API void boxlite_options_set_network_inbound_disabled(CBoxliteOptions *opts);
/* The 0.10 development build only. */
BOXLITE_API void boxlite_options_add_network_inbound_allow(CBoxliteOptions *opts, const char *host);
BOXLITE_API void boxlite_options_add_secret(CBoxliteOptions *opts, const char *name, const char *value,
                                            const char *placeholder, const char *const *hosts,
                                            int hosts_count);
/* On by default, which deletes the box when it stops. */
BOXLITE_API void boxlite_options_set_auto_remove(CBoxliteOptions *opts, int val);
/* From the 0.10 development build on; 0.9.7 has boxlite_options_set_auto_pause_interval instead. */
BOXLITE_API void boxlite_options_set_auto_stop_interval(CBoxliteOptions *opts, uint32_t seconds);
BOXLITE_API void boxlite_options_set_auto_pause_interval(CBoxliteOptions *opts, uint32_t seconds);
BOXLITE_API void boxlite_options_set_auto_delete_interval(CBoxliteOptions *opts, uint32_t seconds);
BOXLITE_API void boxlite_options_set_auto_resume_enabled(CBoxliteOptions *opts, int val);
BOXLITE_API void boxlite_options_set_detach(CBoxliteOptions *opts, int val);
/* Clones the advanced options. */
BOXLITE_API void boxlite_options_set_advanced(CBoxliteOptions *opts, const CAdvancedBoxOptions *advanced_opts);
BOXLITE_API void boxlite_options_set_entrypoint(CBoxliteOptions *opts, const char *const *args, int argc);
BOXLITE_API void boxlite_options_set_cmd(CBoxliteOptions *opts, const char *const *args, int argc);

BOXLITE_API BoxliteErrorCode boxlite_advanced_options_new(CAdvancedBoxOptions **out_opts,
                                                          CBoxliteError *out_error);
BOXLITE_API void boxlite_advanced_options_free(CAdvancedBoxOptions *opts);
BOXLITE_API void boxlite_advanced_options_set_security_enabled(CAdvancedBoxOptions *opts, int enabled);
/* These two replace the list. A refused list poisons the handle: a later create fails in its callback. */
BOXLITE_API BoxliteErrorCode boxlite_advanced_options_set_capabilities_add(CAdvancedBoxOptions *opts,
                                                                           const char *const *capabilities,
                                                                           int count);
BOXLITE_API BoxliteErrorCode boxlite_advanced_options_set_capabilities_drop(CAdvancedBoxOptions *opts,
                                                                            const char *const *capabilities,
                                                                            int count);

/* ---- Box lifecycle: every function posts, except boxlite_box_id and boxlite_box_free ------------- */

/* Consumes `opts` when it returns Ok. */
BOXLITE_API BoxliteErrorCode boxlite_create_box(CBoxliteRuntime *runtime, CBoxliteOptions *opts,
                                                CBoxCreateBoxCb cb, void *user_data,
                                                CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_get_or_create_box(CBoxliteRuntime *runtime, CBoxliteOptions *opts,
                                                       CBoxGetOrCreateBoxCb cb, void *user_data,
                                                       CBoxliteError *out_error);
/* Exact id, exact name, then unique prefix of an id. */
BOXLITE_API BoxliteErrorCode boxlite_get(CBoxliteRuntime *runtime, const char *id_or_name, CBoxGetBoxCb cb,
                                         void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_start_box(CBoxHandle *handle, CBoxStartBoxCb cb, void *user_data,
                                               CBoxliteError *out_error);
/* Spends the handle: what needs a running box gives Stopped on it from then on. */
BOXLITE_API BoxliteErrorCode boxlite_stop_box(CBoxHandle *handle, CBoxStopBoxCb cb, void *user_data,
                                              CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_remove(CBoxliteRuntime *runtime, const char *id_or_name, int force,
                                            CBoxRemoveBoxCb cb, void *user_data, CBoxliteError *out_error);
/* Freed with boxlite_free_string. */
BOXLITE_API char *boxlite_box_id(CBoxHandle *handle);
/* Freeing the last handle of a box that is local and not detached shuts its machine down. */
BOXLITE_API void boxlite_box_free(CBoxHandle *handle);
/* From 0.10 on. The callback owns the path (boxlite_free_string). */
BOXLITE_API BoxliteErrorCode boxlite_box_export(CBoxHandle *handle, const char *dest, CBoxExportCb cb,
                                                void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_runtime_import(CBoxliteRuntime *runtime, const char *archive_path,
                                                    const char *name_or_null, CRuntimeImportCb cb,
                                                    void *user_data, CBoxliteError *out_error);

/* ---- Executions ---------------------------------------------------------------------------------- */

/* May block while the box boots. */
BOXLITE_API BoxliteErrorCode boxlite_box_exec(CBoxHandle *handle, const BoxliteCommand *cmd,
                                              CExecutionHandle **out_execution, CBoxliteError *out_error);
/* Each at most once, on_exit last: it waits only for the streams that were registered before it.
 * These two and the two stdin functions must be serialised for one execution. */
BOXLITE_API BoxliteErrorCode boxlite_execution_on_stdout(CExecutionHandle *execution, CBoxStdoutCb cb,
                                                         void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_on_stderr(CExecutionHandle *execution, CBoxStderrCb cb,
                                                         void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_on_exit(CExecutionHandle *execution, CBoxExitCb cb,
                                                       void *user_data, CBoxliteError *out_error);
/* Copies into an unbounded queue: Ok means queued. */
BOXLITE_API BoxliteErrorCode boxlite_execution_stdin_write(CExecutionHandle *execution, const uint8_t *data,
                                                           size_t len, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_stdin_close(CExecutionHandle *execution,
                                                           CBoxliteError *out_error);
/* Posts. Any number of times. May be answered before the last output. 0 to 255: exit code; -n: signal n;
 * -1: not known. */
BOXLITE_API BoxliteErrorCode boxlite_execution_wait(CExecutionHandle *execution, CExecutionWaitCb cb,
                                                    void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_kill(CExecutionHandle *execution, CExecutionKillCb cb,
                                                    void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_signal(CExecutionHandle *execution, int sig,
                                                      CExecutionSignalCb cb, void *user_data,
                                                      CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_execution_tty_resize(CExecutionHandle *execution, int rows, int cols,
                                                          CExecutionResizeCb cb, void *user_data,
                                                          CBoxliteError *out_error);
/* May block without bound: kills a running process and waits for it. Deadlocks on a drain thread. */
BOXLITE_API void boxlite_execution_free(CExecutionHandle *execution);

/* ---- Files --------------------------------------------------------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_copy_into(CBoxHandle *handle, const char *host_src,
                                               const char *guest_dst, CBoxCopyCb cb, void *user_data,
                                               CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_copy_out(CBoxHandle *handle, const char *guest_src,
                                              const char *host_dst, CBoxCopyCb cb, void *user_data,
                                              CBoxliteError *out_error);

/* ---- Info, list, metrics: post ------------------------------------------------------------------- */

/* The callback owns the info (boxlite_free_box_info). 0.9.5: synchronous, BoxliteBoxInfo095Fn. */
BOXLITE_API BoxliteErrorCode boxlite_box_info(CBoxHandle *handle, CBoxInfoCb cb, void *user_data,
                                              CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_get_info(CBoxliteRuntime *runtime, const char *id_or_name,
                                              CBoxInfoCb cb, void *user_data, CBoxliteError *out_error);
/* The callback owns the list (boxlite_free_box_info_list). */
BOXLITE_API BoxliteErrorCode boxlite_list_info(CBoxliteRuntime *runtime, CBoxInfoListCb cb, void *user_data,
                                               CBoxliteError *out_error);
BOXLITE_API void boxlite_free_box_info(CBoxInfo *info);
BOXLITE_API void boxlite_free_box_info_list(CBoxInfoList *list);
/* The metrics live during the callback only. Boots a local box that is not running. */
BOXLITE_API BoxliteErrorCode boxlite_box_metrics(CBoxHandle *handle, CBoxMetricsCb cb, void *user_data,
                                                 CBoxliteError *out_error);

/* ---- Images -------------------------------------------------------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_runtime_images(CBoxliteRuntime *runtime,
                                                    CBoxliteImageHandle **out_handle,
                                                    CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_image_pull(CBoxliteImageHandle *handle, const char *image_ref,
                                                CBoxImagePullCb cb, void *user_data,
                                                CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_image_list(CBoxliteImageHandle *handle, CBoxImageListCb cb,
                                                void *user_data, CBoxliteError *out_error);
BOXLITE_API void boxlite_image_free(CBoxliteImageHandle *handle);
BOXLITE_API void boxlite_free_image_info_list(CImageInfoList *list);
BOXLITE_API void boxlite_free_image_pull_result(CImagePullResult *result);

/* ---- Named volumes ------------------------------------------------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_runtime_volumes(CBoxliteRuntime *runtime,
                                                     CBoxliteVolumeHandle **out_handle,
                                                     CBoxliteError *out_error);
/* After 0.10 it has another signature: BoxliteVolumeCreateNextFn. */
BOXLITE_API BoxliteErrorCode boxlite_volume_create(CBoxliteVolumeHandle *handle, CBoxVolumeCreateCb cb,
                                                   void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_volume_list(CBoxliteVolumeHandle *handle, CBoxVolumeListCb cb,
                                                 void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_volume_get(CBoxliteVolumeHandle *handle, const char *id,
                                                CBoxVolumeGetCb cb, void *user_data,
                                                CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_volume_remove(CBoxliteVolumeHandle *handle, const char *id, int force,
                                                   CBoxVolumeRemoveCb cb, void *user_data,
                                                   CBoxliteError *out_error);
BOXLITE_API void boxlite_volume_free(CBoxliteVolumeHandle *handle);
BOXLITE_API void boxlite_free_volume_info(CVolumeInfo *info);
BOXLITE_API void boxlite_free_volume_info_list(CVolumeInfoList *list);

/* ---- Network and tunnels ------------------------------------------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_box_network(CBoxHandle *handle, CBoxNetworkHandle **out_network,
                                                 CBoxliteError *out_error);
BOXLITE_API void boxlite_network_free(CBoxNetworkHandle *network);
/* May block: connects, and boots the box. */
BOXLITE_API BoxliteErrorCode boxlite_network_tunnel(CBoxNetworkHandle *network, uint16_t port,
                                                    CBoxTunnelHandle **out_tunnel, CBoxliteError *out_error);
/* From the 0.10 development build on. Ok with NULL for a local tunnel. Freed with boxlite_free_string. */
BOXLITE_API BoxliteErrorCode boxlite_tunnel_uri(CBoxTunnelHandle *tunnel, char **out_uri,
                                                CBoxliteError *out_error);
/* 0.9.7 only. A descriptor stays the tunnel's. */
BOXLITE_API BoxliteErrorCode boxlite_tunnel_endpoint(CBoxTunnelHandle *tunnel, BoxliteEndpointType *out_type,
                                                     char **out_uri, int32_t *out_fd,
                                                     CBoxliteError *out_error);
/* May block. The descriptor is the caller's; once only. */
BOXLITE_API BoxliteErrorCode boxlite_tunnel_connect(CBoxTunnelHandle *tunnel, int32_t *out_fd,
                                                    CBoxliteError *out_error);
BOXLITE_API void boxlite_tunnel_free(CBoxTunnelHandle *tunnel);

/* ---- Remote servers ------------------------------------------------------------------------------ */

BOXLITE_API BoxliteErrorCode boxlite_api_key_credential_new(const char *key,
                                                            CBoxliteCredential **out_credential,
                                                            CBoxliteError *out_error);
BOXLITE_API void boxlite_credential_free(CBoxliteCredential *credential);
BOXLITE_API BoxliteErrorCode boxlite_rest_options_new(const char *url, CBoxliteRestOptions **out_options,
                                                      CBoxliteError *out_error);
BOXLITE_API void boxlite_rest_options_set_credential(CBoxliteRestOptions *options,
                                                     const CBoxliteCredential *credential);
BOXLITE_API void boxlite_rest_options_set_path_prefix(CBoxliteRestOptions *options, const char *path_prefix);
BOXLITE_API void boxlite_rest_options_free(CBoxliteRestOptions *options);

/* ---- Simple API: a private runtime; everything may block ----------------------------------------- */

BOXLITE_API BoxliteErrorCode boxlite_simple_new(const char *image, int cpus, int memory_mib,
                                                CBoxliteSimple **out_box, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_simple_run(CBoxliteSimple *box_runner, const char *command,
                                                const char *const *args, int argc,
                                                CBoxliteExecResult **out_result, CBoxliteError *out_error);
BOXLITE_API void boxlite_simple_free(CBoxliteSimple *box_runner);
BOXLITE_API void boxlite_result_free(CBoxliteExecResult *result);

/* ---- Beyond upstream: the embedded engine's own symbols, looked up like any optional one --------- */

/* As boxlite_box_exec, without blocking: `cb` runs once, with a handle or an error, on a thread of the engine that
 * may call everything but must not block. Not Ok: it never runs. `rows` and `cols` are a terminal's size from its
 * start; 0 or less: the default. `no_stdin` not 0: the command finds the end of its input at once, as if it had been
 * closed right after the start. */
typedef void (*CBoxExecCb)(CExecutionHandle *execution, CBoxliteError *error, void *user_data);
BOXLITE_API BoxliteErrorCode boxlite_box_exec_posted(CBoxHandle *handle, const BoxliteCommand *cmd, int rows,
                                                     int cols, int no_stdin, CBoxExecCb cb, void *user_data,
                                                     CBoxliteError *out_error);

/* Memory that output is read into, `*capacity` bytes of it, instead of the engine's own: a chunk whose
 * pointer is the one that was given last may be kept without a copy. Called on the draining thread before a
 * read; what it returns must stay valid until that thread asks again. NULL: the engine's own is used. */
typedef uint8_t *(*CBoxReadMemoryCb)(size_t *capacity, void *user_data);
/* Any thread; never blocks. A NULL callback takes it back. */
BOXLITE_API BoxliteErrorCode boxlite_runtime_set_read_memory(CBoxliteRuntime *runtime, CBoxReadMemoryCb cb,
                                                             void *user_data, CBoxliteError *out_error);

enum { BOXLITE_STREAM_STDOUT = 1, BOXLITE_STREAM_STDERR = 2 };

/* Stops (`paused` not 0) or resumes the reading of one stream, so that a full pipe slows the process
 * down. Once the process has ended a pause has no effect: what is left in the pipe is delivered. Any
 * thread; never blocks. NULL or an unknown stream gives InvalidArgument. */
BOXLITE_API BoxliteErrorCode boxlite_execution_set_stream_paused(CExecutionHandle *execution, int stream,
                                                                 int paused, CBoxliteError *out_error);
/* Ends a drain that is waiting, at once, or else the next one. Any thread; never blocks. */
BOXLITE_API void boxlite_runtime_wake(CBoxliteRuntime *runtime);
/* A static string of words with a blank between them, as "isolation:none raw-bytes stream-pause". */
BOXLITE_API const char *boxlite_engine_capabilities(void);
/* Posts. Answers Ok once every byte of stdin queued before this call has been taken by the process's pipe,
 * Internal when the reader is gone. */
BOXLITE_API BoxliteErrorCode boxlite_execution_stdin_flush(CExecutionHandle *execution,
                                                           CExecutionSignalCb cb, void *user_data,
                                                           CBoxliteError *out_error);
/* Writes what the process's pipe takes at once, straight from `data`, and queues nothing: `*taken` tells how many
 * bytes that were, 0 if the pipe is full or bytes are queued before them. Fails as boxlite_execution_stdin_write
 * does. Any thread; never blocks. */
BOXLITE_API BoxliteErrorCode boxlite_execution_stdin_try_write(CExecutionHandle *execution,
                                                               const uint8_t *data, size_t len,
                                                               size_t *taken, CBoxliteError *out_error);
/* What a box with an image gets: 0 refuses it with Unsupported, not 0 runs it on the host's file system.
 * The default comes from BOXLITE_LOCAL_IMAGE_POLICY ("host"), else 0. */
BOXLITE_API BoxliteErrorCode boxlite_runtime_set_local_image_policy(CBoxliteRuntime *runtime, int use_host,
                                                                    CBoxliteError *out_error);

enum { BOXLITE_COPY_KEEP_EXISTING = 1, BOXLITE_COPY_FOLLOW_SYMLINKS = 2 };

/* As boxlite_copy_into and boxlite_copy_out, with flags of the enum above: KEEP_EXISTING answers
 * AlreadyExists before anything is changed if a file that would be written exists; FOLLOW_SYMLINKS copies what
 * links lead to, where that lies within the copied tree. Unknown flags give InvalidArgument. */
BOXLITE_API BoxliteErrorCode boxlite_copy_into_with(CBoxHandle *handle, const char *host_src,
                                                    const char *guest_dst, int flags, CBoxCopyCb cb,
                                                    void *user_data, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_copy_out_with(CBoxHandle *handle, const char *guest_src,
                                                   const char *host_dst, int flags, CBoxCopyCb cb,
                                                   void *user_data, CBoxliteError *out_error);

/* ---- The neighbours: 0.9.5 ----------------------------------------------------------------------- */

typedef struct CBoxInfo095 {
  char *id;
  char *name;
  char *image;
  char *status;
  int running;
  int pid;
  int cpus;
  int memory_mib;
  int64_t created_at;
} CBoxInfo095;

typedef BoxliteErrorCode (*BoxliteBoxInfo095Fn)(CBoxHandle *handle, CBoxInfo095 **out_info,
                                                CBoxliteError *out_error);
typedef void (*BoxliteOptionsAddPort095Fn)(CBoxliteOptions *opts, int guest_port, int host_port);

/* ---- The neighbours: after 0.10 ------------------------------------------------------------------ */

typedef struct COutboundNetworkInfo {
  BoxliteNetworkMode mode;
  char **allow_net;
  int allow_net_count;
} COutboundNetworkInfo;

typedef struct CInboundNetworkInfo {
  BoxliteNetworkMode mode;
  char **allow_net;
  int allow_net_count;
} CInboundNetworkInfo;

/* The first fields alias `outbound`. */
typedef struct CNetworkInfoNext {
  BoxliteNetworkMode mode;
  char **allow_net;
  int allow_net_count;
  CPublishedPortList *published_ports;
  COutboundNetworkInfo outbound;
  CInboundNetworkInfo inbound;
} CNetworkInfoNext;

typedef struct CBoxInfoNext {
  char *id;
  char *name;
  char *image;
  char *status;
  int running;
  int pid;
  int cpus;
  int memory_mib;
  uint32_t auto_stop;
  uint32_t auto_delete;
  int auto_resume;
  int64_t created_at;
  CNetworkInfoNext *network;
  int64_t started_at;       /* Unix milliseconds; 0: none */
  int64_t last_activity_at; /* Unix milliseconds; 0: none */
} CBoxInfoNext;

typedef struct CVolumeInfoNext {
  char *id;
  char *name;
  char *created_at;
  uint64_t size_bytes;
  int has_size;
} CVolumeInfoNext;

typedef struct BoxliteSocketAddress {
  BoxliteSocketAddressKind kind;
  const char *host;
  uint16_t port;
  const char *path;
} BoxliteSocketAddress;

typedef BoxliteErrorCode (*BoxliteVolumeCreateNextFn)(CBoxliteVolumeHandle *handle, const char *name,
                                                      CBoxVolumeCreateCb cb, void *user_data,
                                                      CBoxliteError *out_error);

BOXLITE_API void boxlite_options_add_bind_mount(CBoxliteOptions *opts, const char *host_path,
                                                const char *guest_path, int read_only);
BOXLITE_API void boxlite_options_add_managed_volume(CBoxliteOptions *opts, const char *managed_volume,
                                                    const char *guest_path, int read_only);
/* May block. */
BOXLITE_API CBoxCopyOutStream *boxlite_copy_out_start(CBoxHandle *handle, const char *guest_src,
                                                      int32_t *out_source_kind, CBoxliteError *out_error);
/* May block. Ok with 0 bytes is the end. */
BOXLITE_API BoxliteErrorCode boxlite_copy_out_read(CBoxCopyOutStream *stream, uint8_t *buffer,
                                                   size_t capacity, size_t *out_read,
                                                   CBoxliteError *out_error);
BOXLITE_API void boxlite_copy_out_free(CBoxCopyOutStream *stream);
BOXLITE_API CBoxCopyInStream *boxlite_copy_in_start(CBoxHandle *handle, const char *guest_dst,
                                                    int32_t source_kind, CBoxCopyCb copy_cb, void *user_data,
                                                    CBoxliteError *out_error);
/* May block. */
BOXLITE_API BoxliteErrorCode boxlite_copy_in_write(CBoxCopyInStream *stream, const uint8_t *data, size_t len,
                                                   CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_copy_in_close(CBoxCopyInStream *stream, CBoxliteError *out_error);
/* May block. */
BOXLITE_API BoxliteErrorCode boxlite_copy_in_abort(CBoxCopyInStream *stream, CBoxliteError *out_error);
/* Without an abort before it, a clean end: a truncated upload is committed. */
BOXLITE_API void boxlite_copy_in_free(CBoxCopyInStream *stream);
/* May block. */
BOXLITE_API BoxliteErrorCode boxlite_tunnel_forward(CBoxTunnelHandle *tunnel,
                                                    const BoxliteSocketAddress *listen,
                                                    CTunnelForwarderHandle **out_forwarder,
                                                    CBoxliteError *out_error);
/* Freed with boxlite_free_string. */
BOXLITE_API BoxliteErrorCode boxlite_tunnel_forwarder_address(CTunnelForwarderHandle *forwarder,
                                                              char **out_address, CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_tunnel_forwarder_wait(CTunnelForwarderHandle *forwarder,
                                                           CTunnelForwarderWaitCb cb, void *user_data,
                                                           CBoxliteError *out_error);
BOXLITE_API BoxliteErrorCode boxlite_tunnel_forwarder_close(CTunnelForwarderHandle *forwarder,
                                                            CTunnelForwarderCloseCb cb, void *user_data,
                                                            CBoxliteError *out_error);
BOXLITE_API void boxlite_tunnel_forwarder_free(CTunnelForwarderHandle *forwarder);
/* May block. Hosting side only. */
BOXLITE_API BoxliteErrorCode boxlite_cloud_runner_runtime_new(const char *home_dir,
                                                              const BoxliteImageRegistry *image_registries,
                                                              int image_registries_count,
                                                              int overlaybd_enabled, const char *image_dir,
                                                              CBoxliteRuntime **out_runtime,
                                                              CBoxliteError *out_error);

#ifdef __cplusplus
}
#endif

#endif /* BOXLITE_H */
