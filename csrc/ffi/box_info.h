// What an engine tells of a box, copied out of its structs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ffi/library.h"

namespace boxlite::ffi {

struct PublishedPort {
  std::uint16_t guest_port = 0;
  std::uint16_t host_port = 0;
  std::string host_ip;
  bool udp = false;
};

struct NetworkInfo {
  bool enabled = true;
  std::vector<std::string> allow;
  /// Nothing: not known.
  std::optional<std::vector<PublishedPort>> published_ports;
};

struct BoxInfo {
  std::string id;
  std::optional<std::string> name;
  std::string image;
  std::string status;
  bool running = false;
  int pid = 0;
  int cpus = 0;
  int memory_mib = 0;
  std::uint32_t auto_stop_seconds = 0;
  std::uint32_t auto_delete_seconds = 0;
  bool auto_resume = false;
  std::int64_t created_at_seconds = 0;
  /// Milliseconds; 0: not known.
  std::int64_t started_at_ms = 0;
  std::int64_t last_activity_at_ms = 0;
  std::optional<NetworkInfo> network;
};

/// Copies one info in the layout of the library's generation and frees it there. `info` may be null.
BoxInfo TakeBoxInfo(const Library& library, CBoxInfo* info);

/// Copies a list, walking it with the stride of the library's generation, and frees it there.
std::vector<BoxInfo> TakeBoxInfoList(const Library& library, CBoxInfoList* list);

}  // namespace boxlite::ffi
