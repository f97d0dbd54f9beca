// Pins every layout of the ABI: a struct that drifts no longer compiles.
#include <cstddef>

#include "abi/boxlite.h"

namespace {

#define BOXLITE_LAYOUT(type, size, align) \
  static_assert(sizeof(type) == (size) && alignof(type) == (align), #type " drifted from the ABI")
#define BOXLITE_FIELD(type, field, offset) \
  static_assert(offsetof(type, field) == (offset), #type "." #field " drifted from the ABI")

BOXLITE_LAYOUT(FFIError, 16, 8);
BOXLITE_FIELD(FFIError, code, 0);
BOXLITE_FIELD(FFIError, message, 8);

BOXLITE_LAYOUT(BoxliteCommand, 72, 8);
BOXLITE_FIELD(BoxliteCommand, command, 0);
BOXLITE_FIELD(BoxliteCommand, args, 8);
BOXLITE_FIELD(BoxliteCommand, argc, 16);
BOXLITE_FIELD(BoxliteCommand, env_pairs, 24);
BOXLITE_FIELD(BoxliteCommand, env_count, 32);
BOXLITE_FIELD(BoxliteCommand, workdir, 40);
BOXLITE_FIELD(BoxliteCommand, user, 48);
BOXLITE_FIELD(BoxliteCommand, timeout_secs, 56);
BOXLITE_FIELD(BoxliteCommand, tty, 64);

BOXLITE_LAYOUT(ExecResult, 24, 8);
BOXLITE_FIELD(ExecResult, exit_code, 0);
BOXLITE_FIELD(ExecResult, stdout_text, 8);
BOXLITE_FIELD(ExecResult, stderr_text, 16);

BOXLITE_LAYOUT(CImagePullResult, 24, 8);
BOXLITE_FIELD(CImagePullResult, reference, 0);
BOXLITE_FIELD(CImagePullResult, config_digest, 8);
BOXLITE_FIELD(CImagePullResult, layer_count, 16);

BOXLITE_LAYOUT(CImageInfo, 56, 8);
BOXLITE_FIELD(CImageInfo, reference, 0);
BOXLITE_FIELD(CImageInfo, repository, 8);
BOXLITE_FIELD(CImageInfo, tag, 16);
BOXLITE_FIELD(CImageInfo, id, 24);
BOXLITE_FIELD(CImageInfo, cached_at, 32);
BOXLITE_FIELD(CImageInfo, size, 40);
BOXLITE_FIELD(CImageInfo, has_size, 48);

BOXLITE_LAYOUT(CImageInfoList, 16, 8);
BOXLITE_FIELD(CImageInfoList, items, 0);
BOXLITE_FIELD(CImageInfoList, count, 8);

BOXLITE_LAYOUT(CPublishedPort, 24, 8);
BOXLITE_FIELD(CPublishedPort, guest_port, 0);
BOXLITE_FIELD(CPublishedPort, host_ip, 8);
BOXLITE_FIELD(CPublishedPort, host_port, 16);
BOXLITE_FIELD(CPublishedPort, protocol, 20);

BOXLITE_LAYOUT(CPublishedPortList, 16, 8);
BOXLITE_FIELD(CPublishedPortList, items, 0);
BOXLITE_FIELD(CPublishedPortList, count, 8);

BOXLITE_LAYOUT(CNetworkInfo, 32, 8);
BOXLITE_FIELD(CNetworkInfo, mode, 0);
BOXLITE_FIELD(CNetworkInfo, allow_net, 8);
BOXLITE_FIELD(CNetworkInfo, allow_net_count, 16);
BOXLITE_FIELD(CNetworkInfo, published_ports, 24);

BOXLITE_LAYOUT(CBoxInfo, 80, 8);
BOXLITE_FIELD(CBoxInfo, id, 0);
BOXLITE_FIELD(CBoxInfo, name, 8);
BOXLITE_FIELD(CBoxInfo, image, 16);
BOXLITE_FIELD(CBoxInfo, status, 24);
BOXLITE_FIELD(CBoxInfo, running, 32);
BOXLITE_FIELD(CBoxInfo, pid, 36);
BOXLITE_FIELD(CBoxInfo, cpus, 40);
BOXLITE_FIELD(CBoxInfo, memory_mib, 44);
BOXLITE_FIELD(CBoxInfo, auto_stop, 48);
BOXLITE_FIELD(CBoxInfo, auto_delete, 52);
BOXLITE_FIELD(CBoxInfo, auto_resume, 56);
BOXLITE_FIELD(CBoxInfo, created_at, 64);
BOXLITE_FIELD(CBoxInfo, network, 72);

BOXLITE_LAYOUT(CBoxInfoList, 16, 8);
BOXLITE_FIELD(CBoxInfoList, items, 0);
BOXLITE_FIELD(CBoxInfoList, count, 8);

BOXLITE_LAYOUT(CBoxMetrics, 80, 8);
BOXLITE_FIELD(CBoxMetrics, cpu_percent, 0);
BOXLITE_FIELD(CBoxMetrics, memory_bytes, 8);
BOXLITE_FIELD(CBoxMetrics, commands_executed, 16);
BOXLITE_FIELD(CBoxMetrics, exec_errors, 20);
BOXLITE_FIELD(CBoxMetrics, bytes_sent, 24);
BOXLITE_FIELD(CBoxMetrics, bytes_received, 32);
BOXLITE_FIELD(CBoxMetrics, create_duration_ms, 40);
BOXLITE_FIELD(CBoxMetrics, boot_duration_ms, 48);
BOXLITE_FIELD(CBoxMetrics, network_bytes_sent, 56);
BOXLITE_FIELD(CBoxMetrics, network_bytes_received, 64);
BOXLITE_FIELD(CBoxMetrics, network_tcp_connections, 72);
BOXLITE_FIELD(CBoxMetrics, network_tcp_errors, 76);

BOXLITE_LAYOUT(CRuntimeMetrics, 20, 4);
BOXLITE_FIELD(CRuntimeMetrics, boxes_created_total, 0);
BOXLITE_FIELD(CRuntimeMetrics, boxes_failed_total, 4);
BOXLITE_FIELD(CRuntimeMetrics, num_running_boxes, 8);
BOXLITE_FIELD(CRuntimeMetrics, total_commands_executed, 12);
BOXLITE_FIELD(CRuntimeMetrics, total_exec_errors, 16);

BOXLITE_LAYOUT(BoxliteImageRegistry, 48, 8);
BOXLITE_FIELD(BoxliteImageRegistry, host, 0);
BOXLITE_FIELD(BoxliteImageRegistry, transport, 8);
BOXLITE_FIELD(BoxliteImageRegistry, skip_verify, 12);
BOXLITE_FIELD(BoxliteImageRegistry, search, 16);
BOXLITE_FIELD(BoxliteImageRegistry, username, 24);
BOXLITE_FIELD(BoxliteImageRegistry, password, 32);
BOXLITE_FIELD(BoxliteImageRegistry, bearer_token, 40);

BOXLITE_LAYOUT(CVolumeInfo, 32, 8);
BOXLITE_FIELD(CVolumeInfo, id, 0);
BOXLITE_FIELD(CVolumeInfo, created_at, 8);
BOXLITE_FIELD(CVolumeInfo, size_bytes, 16);
BOXLITE_FIELD(CVolumeInfo, has_size, 24);

BOXLITE_LAYOUT(CVolumeInfoList, 16, 8);
BOXLITE_FIELD(CVolumeInfoList, items, 0);
BOXLITE_FIELD(CVolumeInfoList, count, 8);

BOXLITE_LAYOUT(CBoxliteError, 16, 8);
BOXLITE_FIELD(CBoxliteError, code, 0);
BOXLITE_FIELD(CBoxliteError, message, 8);

BOXLITE_LAYOUT(CBoxliteExecResult, 24, 8);
BOXLITE_FIELD(CBoxliteExecResult, exit_code, 0);
BOXLITE_FIELD(CBoxliteExecResult, stdout_text, 8);
BOXLITE_FIELD(CBoxliteExecResult, stderr_text, 16);

BOXLITE_LAYOUT(CBoxInfo095, 56, 8);
BOXLITE_FIELD(CBoxInfo095, id, 0);
BOXLITE_FIELD(CBoxInfo095, name, 8);
BOXLITE_FIELD(CBoxInfo095, image, 16);
BOXLITE_FIELD(CBoxInfo095, status, 24);
BOXLITE_FIELD(CBoxInfo095, running, 32);
BOXLITE_FIELD(CBoxInfo095, pid, 36);
BOXLITE_FIELD(CBoxInfo095, cpus, 40);
BOXLITE_FIELD(CBoxInfo095, memory_mib, 44);
BOXLITE_FIELD(CBoxInfo095, created_at, 48);

// 0.9.7: auto_pause is auto_stop's offset.
BOXLITE_LAYOUT(CBoxInfo, 80, 8);
BOXLITE_FIELD(CBoxInfo, id, 0);
BOXLITE_FIELD(CBoxInfo, name, 8);
BOXLITE_FIELD(CBoxInfo, image, 16);
BOXLITE_FIELD(CBoxInfo, status, 24);
BOXLITE_FIELD(CBoxInfo, running, 32);
BOXLITE_FIELD(CBoxInfo, pid, 36);
BOXLITE_FIELD(CBoxInfo, cpus, 40);
BOXLITE_FIELD(CBoxInfo, memory_mib, 44);
BOXLITE_FIELD(CBoxInfo, auto_stop, 48);
BOXLITE_FIELD(CBoxInfo, auto_delete, 52);
BOXLITE_FIELD(CBoxInfo, auto_resume, 56);
BOXLITE_FIELD(CBoxInfo, created_at, 64);
BOXLITE_FIELD(CBoxInfo, network, 72);

BOXLITE_LAYOUT(CBoxInfoNext, 96, 8);
BOXLITE_FIELD(CBoxInfoNext, id, 0);
BOXLITE_FIELD(CBoxInfoNext, name, 8);
BOXLITE_FIELD(CBoxInfoNext, image, 16);
BOXLITE_FIELD(CBoxInfoNext, status, 24);
BOXLITE_FIELD(CBoxInfoNext, running, 32);
BOXLITE_FIELD(CBoxInfoNext, pid, 36);
BOXLITE_FIELD(CBoxInfoNext, cpus, 40);
BOXLITE_FIELD(CBoxInfoNext, memory_mib, 44);
BOXLITE_FIELD(CBoxInfoNext, auto_stop, 48);
BOXLITE_FIELD(CBoxInfoNext, auto_delete, 52);
BOXLITE_FIELD(CBoxInfoNext, auto_resume, 56);
BOXLITE_FIELD(CBoxInfoNext, created_at, 64);
BOXLITE_FIELD(CBoxInfoNext, network, 72);
BOXLITE_FIELD(CBoxInfoNext, started_at, 80);
BOXLITE_FIELD(CBoxInfoNext, last_activity_at, 88);

BOXLITE_LAYOUT(COutboundNetworkInfo, 24, 8);
BOXLITE_FIELD(COutboundNetworkInfo, mode, 0);
BOXLITE_FIELD(COutboundNetworkInfo, allow_net, 8);
BOXLITE_FIELD(COutboundNetworkInfo, allow_net_count, 16);

BOXLITE_LAYOUT(CInboundNetworkInfo, 24, 8);
BOXLITE_FIELD(CInboundNetworkInfo, mode, 0);
BOXLITE_FIELD(CInboundNetworkInfo, allow_net, 8);
BOXLITE_FIELD(CInboundNetworkInfo, allow_net_count, 16);

BOXLITE_LAYOUT(CNetworkInfoNext, 80, 8);
BOXLITE_FIELD(CNetworkInfoNext, mode, 0);
BOXLITE_FIELD(CNetworkInfoNext, allow_net, 8);
BOXLITE_FIELD(CNetworkInfoNext, allow_net_count, 16);
BOXLITE_FIELD(CNetworkInfoNext, published_ports, 24);
BOXLITE_FIELD(CNetworkInfoNext, outbound, 32);
BOXLITE_FIELD(CNetworkInfoNext, inbound, 56);

BOXLITE_LAYOUT(CVolumeInfoNext, 40, 8);
BOXLITE_FIELD(CVolumeInfoNext, id, 0);
BOXLITE_FIELD(CVolumeInfoNext, name, 8);
BOXLITE_FIELD(CVolumeInfoNext, created_at, 16);
BOXLITE_FIELD(CVolumeInfoNext, size_bytes, 24);
BOXLITE_FIELD(CVolumeInfoNext, has_size, 32);

BOXLITE_LAYOUT(BoxliteSocketAddress, 32, 8);
BOXLITE_FIELD(BoxliteSocketAddress, kind, 0);
BOXLITE_FIELD(BoxliteSocketAddress, host, 8);
BOXLITE_FIELD(BoxliteSocketAddress, port, 16);
BOXLITE_FIELD(BoxliteSocketAddress, path, 24);

static_assert(sizeof(BoxliteErrorCode) == 4 && sizeof(BoxliteNetworkMode) == 4);
static_assert(sizeof(BoxlitePortProtocol) == 4 && sizeof(BoxliteRegistryTransport) == 4);
static_assert(sizeof(BoxliteEndpointType) == 4 && sizeof(BoxliteCopySourceKind) == 4);
static_assert(sizeof(BoxliteSocketAddressKind) == 4 && sizeof(bool) == 1);

}  // namespace
