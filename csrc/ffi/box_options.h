// What a box is made of, and its way through the setters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ffi/handles.h"

namespace boxlite::ffi {

struct BoxOptions {
  struct Volume {
    std::string host_path;
    std::string guest_path;
    bool read_only = false;
  };
  struct Port {
    std::uint16_t guest_port = 0;
    std::uint16_t host_port = 0;  // 0: chosen by the engine
    bool udp = false;
    std::optional<std::string> host_ip;
  };
  struct Network {
    std::optional<bool> enabled;
    std::vector<std::string> allow;
  };
  struct Secret {
    std::string name;
    std::string value;
    std::optional<std::string> placeholder;
    std::vector<std::string> hosts;
  };

  std::string image;
  std::optional<std::string> name;
  std::optional<std::string> rootfs_path;
  std::optional<int> cpus;
  std::optional<int> memory_mib;
  std::optional<int> disk_size_gb;
  std::optional<std::string> workdir;
  std::optional<std::string> user;
  std::vector<std::pair<std::string, std::string>> env;
  std::optional<std::vector<std::string>> entrypoint;
  std::optional<std::vector<std::string>> cmd;
  std::vector<Volume> volumes;
  std::vector<Port> ports;
  Network outbound;
  Network inbound;
  std::vector<Secret> secrets;
  std::optional<bool> sandbox;
  std::vector<std::string> capabilities_add;
  std::vector<std::string> capabilities_drop;
  std::optional<bool> detach;
  bool auto_remove = false;
  std::optional<std::uint32_t> auto_stop_seconds;
  std::optional<std::uint32_t> auto_delete_seconds;
  std::optional<bool> auto_resume;
};

/// Builds the engine's options. Fails with Unsupported, naming the option, where the library lacks its
/// setter, and with what a setter answers. Any thread; never blocks.
Result<OptionsHandle> BuildOptions(const std::shared_ptr<const Library>& library, const BoxOptions& options);

/// Pointers to strings, as the ABI takes arrays of them. The strings must outlive it.
std::vector<const char*> CStrings(const std::vector<std::string>& strings);

}  // namespace boxlite::ffi
