#include "engine/options.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

namespace boxlite::engine {

namespace {

Failure Unsupported(const std::string& what) {
  return {BOXLITE_UNSUPPORTED, what + ": the embedded engine runs boxes as processes of the host"};
}

bool IsCapabilityName(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

bool IsAddress(const std::string& text) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

Failure CheckCapabilities(const Advanced& advanced) {
  if (advanced.poisoned) return {BOXLITE_INVALID_ARGUMENT, "a capability list was refused before"};
  for (const auto* list : {&advanced.capabilities_add, &advanced.capabilities_drop}) {
    for (const auto& name : *list) {
      if (!IsCapabilityName(name))
        return {BOXLITE_INVALID_ARGUMENT, "invalid capability name '" + name + "'"};
    }
  }
  return {};
}

Failure CheckCombinations(const Options& o) {
  if (o.detach && o.removes_on_stop()) {
    return {BOXLITE_CONFIG, "a detached box can't be removed when it stops: turn auto-remove off"};
  }
  for (const auto& port : o.ports) {
    if (port.protocol == BOXLITE_PORT_UDP) return {BOXLITE_UNSUPPORTED, "UDP ports are not supported"};
    if (!port.host_ip.empty() && !IsAddress(port.host_ip)) {
      return {BOXLITE_CONFIG, "invalid host_ip '" + port.host_ip + "'"};
    }
  }
  if (!o.network_enabled && !o.ports.empty()) return {BOXLITE_CONFIG, "ports need the network enabled"};
  if (o.auto_stop_seconds > 0) return {BOXLITE_UNSUPPORTED, "auto-stop is not supported locally"};
  return CheckCapabilities(o.advanced);
}

/// What nobody may believe to have got.
Failure CheckIsolation(const Options& o) {
  if (!o.rootfs_path.empty() && o.rootfs_path != "/")
    return Unsupported("a root file system of its own is not supported");
  if (o.has_volumes) return Unsupported("volumes are not supported");
  if (!o.ports.empty()) return Unsupported("published ports are not supported");
  if (!o.network_enabled || !o.inbound_enabled || !o.network_allow.empty())
    return Unsupported("network rules are not supported");
  if (o.has_secrets) return Unsupported("secrets are not supported");
  if (!o.entrypoint.empty() || !o.cmd.empty()) return Unsupported("a main command is not supported");
  return {};
}

Failure CheckLimits(const Options& o) {
  if (!o.image.empty()) {
    return {BOXLITE_UNSUPPORTED,
            "the image '" + o.image +
                "' can't be run: the embedded engine has no images. Leave the image away, or set "
                "localImagePolicy: "
                "'host' (BOXLITE_LOCAL_IMAGE_POLICY=host) to run on the host's file system instead"};
  }
  if (o.cpus || o.memory_mib || o.disk_size_gb)
    return Unsupported("limits of cpus, memory and disk can't be enforced");
  if (!o.advanced.capabilities_add.empty() || !o.advanced.capabilities_drop.empty())
    return Unsupported("capabilities can't be changed");
  if (o.advanced.security_enabled.value_or(false)) return Unsupported("there is no sandbox");
  return {};
}

}  // namespace

Failure Validate(const Options& options, bool use_host) {
  if (auto failure = CheckCombinations(options)) return failure;
  if (auto failure = CheckIsolation(options)) return failure;
  return use_host ? Failure{} : CheckLimits(options);
}

}  // namespace boxlite::engine
