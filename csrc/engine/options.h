// What a box is asked to be.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/failure.h"

namespace boxlite::engine {

struct Advanced {
  std::optional<bool> security_enabled;
  std::vector<std::string> capabilities_add;
  std::vector<std::string> capabilities_drop;
  bool poisoned = false;
};

struct Options {
  struct Port {
    std::uint16_t guest;
    std::uint16_t host;
    BoxlitePortProtocol protocol;
    std::string host_ip;
  };

  std::string image;
  std::string rootfs_path;
  std::string name;
  std::optional<int> cpus;
  std::optional<int> memory_mib;
  std::optional<int> disk_size_gb;
  std::string workdir;
  std::string user;
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<Port> ports;
  std::vector<std::string> network_allow;
  bool network_enabled = true;
  bool inbound_enabled = true;
  bool has_volumes = false;
  bool has_secrets = false;
  bool auto_remove = true;
  std::optional<std::uint32_t> auto_delete_seconds;
  std::uint32_t auto_stop_seconds = 0;
  bool auto_resume = true;
  bool detach = false;
  std::vector<std::string> entrypoint;
  std::vector<std::string> cmd;
  Advanced advanced;

  bool removes_on_stop() const { return auto_delete_seconds ? *auto_delete_seconds > 0 : auto_remove; }
};

/// Whether a box can be made of these: contradictions first, then what local processes can't give.
/// `use_host`: limits and images that can't be enforced are accepted.
Failure Validate(const Options& options, bool use_host);

/// Consumes a builder of the ABI.
Options TakeOptions(CBoxliteOptions* handle);

}  // namespace boxlite::engine
