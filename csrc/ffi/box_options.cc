#include "ffi/box_options.h"

namespace boxlite::ffi {

namespace {

constexpr const char* kOperation = "box.create";

/// Calls setters one after another; the first failure wins and the rest is skipped.
class Builder {
 public:
  Builder(std::shared_ptr<const Library> library, OptionsHandle handle)
      : library_(std::move(library)), handle_(std::move(handle)) {}

  const Api& api() const { return library_->api(); }
  CBoxliteOptions* raw() { return handle_.get(); }
  const std::shared_ptr<const Library>& library() const { return library_; }

  template <class Setter, class... Args>
  void Set(const char* option, Setter setter, Args... args) {
    if (Have(option, setter != nullptr)) setter(raw(), args...);
  }

  template <class Setter, class T>
  void SetIf(const char* option, Setter setter, const std::optional<T>& value) {
    if (!value) return;
    if constexpr (std::is_same_v<T, std::string>) {
      Set(option, setter, value->c_str());
    } else {
      Set(option, setter, *value);
    }
  }

  /// Whether the library can do it; remembers the failure where it can't.
  bool Have(const char* option, bool present) {
    if (!present) {
      Fail(MakeError(ErrorCode::kUnsupported,
                     std::string(option) + " is not supported by this engine (" + library_->version() + ")"));
    }
    return present && !error_;
  }

  void Fail(Error error) {
    error.operation = kOperation;
    if (!error_) error_ = std::move(error);
  }

  Result<OptionsHandle> Take() {
    if (error_) return std::move(*error_);
    return std::move(handle_);
  }

 private:
  std::shared_ptr<const Library> library_;
  OptionsHandle handle_;
  std::optional<Error> error_;
};

void SetMachine(Builder& b, const BoxOptions& o) {
  const Api& api = b.api();
  b.SetIf("rootfsPath", api.options_set_rootfs_path, o.rootfs_path);
  b.SetIf("name", api.options_set_name, o.name);
  b.SetIf("cpus", api.options_set_cpus, o.cpus);
  b.SetIf("memoryMib", api.options_set_memory, o.memory_mib);
  b.SetIf("diskSizeGb", api.options_set_disk_size_gb, o.disk_size_gb);
  b.SetIf("workingDir", api.options_set_workdir, o.workdir);
  b.SetIf("user", api.options_set_user, o.user);
  for (const auto& [key, value] : o.env) b.Set("env", api.options_add_env, key.c_str(), value.c_str());
  auto set_command = [&b](const char* option, auto setter, const auto& words) {
    if (!words) return;
    auto pointers = CStrings(*words);
    b.Set(option, setter, pointers.data(), static_cast<int>(pointers.size()));
  };
  set_command("entrypoint", api.options_set_entrypoint, o.entrypoint);
  set_command("cmd", api.options_set_cmd, o.cmd);
}

void SetVolumes(Builder& b, const BoxOptions& o) {
  auto add =
      b.api().options_add_bind_mount != nullptr ? b.api().options_add_bind_mount : b.api().options_add_volume;
  for (const auto& volume : o.volumes) {
    b.Set("volumes", add, volume.host_path.c_str(), volume.guest_path.c_str(), volume.read_only ? 1 : 0);
  }
}

void SetPorts(Builder& b, const BoxOptions& o) {
  for (const auto& port : o.ports) {
    if (!b.Have("ports", b.api().options_add_port != nullptr)) return;
    auto code = b.api().options_add_port(b.raw(), port.host_port, port.guest_port,
                                         port.udp ? BOXLITE_PORT_UDP : BOXLITE_PORT_TCP,
                                         port.host_ip ? port.host_ip->c_str() : nullptr);
    if (code != BOXLITE_OK)
      b.Fail(Error{static_cast<int>(code), "ports was refused by the engine", kOperation});
  }
}

void SetNetwork(Builder& b, const BoxOptions& o) {
  const Api& api = b.api();
  // Enabling clears the allow list, so it comes first.
  if (o.outbound.enabled) {
    b.Set("network.outbound",
          *o.outbound.enabled ? api.options_set_network_enabled : api.options_set_network_disabled);
  }
  for (const auto& host : o.outbound.allow) {
    b.Set("network.outbound.allow", api.options_add_network_allow, host.c_str());
  }
  if (o.inbound.enabled) {
    b.Set("network.inbound", *o.inbound.enabled ? api.options_set_network_inbound_enabled
                                                : api.options_set_network_inbound_disabled);
  }
  if (!o.inbound.allow.empty()) b.Have("network.inbound.allow", false);
  for (const auto& secret : o.secrets) {
    auto hosts = CStrings(secret.hosts);
    b.Set("secrets", api.options_add_secret, secret.name.c_str(), secret.value.c_str(),
          secret.placeholder ? secret.placeholder->c_str() : static_cast<const char*>(nullptr), hosts.data(),
          static_cast<int>(hosts.size()));
  }
}

void SetSecurity(Builder& b, const BoxOptions& o) {
  if (!o.sandbox && o.capabilities_add.empty() && o.capabilities_drop.empty()) return;
  const Api& api = b.api();
  CAdvancedBoxOptions* raw = nullptr;
  ErrorSlot error(api);
  if (auto code = api.advanced_options_new(&raw, error.out()); code != BOXLITE_OK) {
    return b.Fail(error.Take(code, kOperation));
  }
  AdvancedOptionsHandle advanced(raw, {b.library()});
  if (o.sandbox) api.advanced_options_set_security_enabled(raw, *o.sandbox ? 1 : 0);
  auto set_list = [&](auto setter, const char* option, const std::vector<std::string>& names) {
    if (names.empty() || !b.Have(option, setter != nullptr)) return;
    auto pointers = CStrings(names);
    auto code = setter(raw, pointers.data(), static_cast<int>(pointers.size()));
    if (code != BOXLITE_OK) {
      b.Fail(Error{static_cast<int>(code), std::string(option) + " was refused by the engine", kOperation});
    }
  };
  set_list(api.advanced_options_set_capabilities_add, "capabilities.add", o.capabilities_add);
  set_list(api.advanced_options_set_capabilities_drop, "capabilities.drop", o.capabilities_drop);
  b.Set("security", api.options_set_advanced, static_cast<const CAdvancedBoxOptions*>(raw));
}

void SetLifecycle(Builder& b, const BoxOptions& o) {
  const Api& api = b.api();
  // Always said: the engines' own default deletes a box when it stops. It also resets the delete interval,
  // so it comes before that.
  b.Set("autoRemove", api.options_set_auto_remove, o.auto_remove ? 1 : 0);
  b.SetIf("autoDeleteSeconds", api.options_set_auto_delete_interval, o.auto_delete_seconds);
  auto set_auto_stop = api.options_set_auto_stop_interval != nullptr ? api.options_set_auto_stop_interval
                                                                     : api.options_set_auto_pause_interval;
  b.SetIf("autoStopSeconds", set_auto_stop, o.auto_stop_seconds);
  b.SetIf("autoResume", api.options_set_auto_resume_enabled, o.auto_resume);
  b.SetIf("detach", api.options_set_detach, o.detach);
}

}  // namespace

std::vector<const char*> CStrings(const std::vector<std::string>& strings) {
  std::vector<const char*> pointers;
  pointers.reserve(strings.size());
  for (const auto& string : strings) pointers.push_back(string.c_str());
  return pointers;
}

Result<OptionsHandle> BuildOptions(const std::shared_ptr<const Library>& library, const BoxOptions& options) {
  const Api& api = library->api();
  CBoxliteOptions* raw = nullptr;
  ErrorSlot error(api);
  if (auto code = api.options_new(options.image.c_str(), &raw, error.out()); code != BOXLITE_OK) {
    return error.Take(code, kOperation);
  }
  if (raw == nullptr) {
    return MakeError(ErrorCode::kInternal, "the engine reported success without its options", kOperation);
  }
  Builder builder(library, OptionsHandle(raw, {library}));
  SetMachine(builder, options);
  SetVolumes(builder, options);
  SetNetwork(builder, options);
  SetPorts(builder, options);
  SetSecurity(builder, options);
  SetLifecycle(builder, options);
  return builder.Take();
}

}  // namespace boxlite::ffi
