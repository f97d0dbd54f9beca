// The ABI's builders of box options.
#include <algorithm>
#include <memory>

#include "engine/options.h"

using namespace boxlite::engine;

struct OptionsHandle {
  Options options;
};

struct AdvancedBoxOptionsHandle {
  Advanced advanced;
};

namespace {

/// Setters ignore what is null or no text.
bool Usable(const void* handle, const char* text) {
  return handle != nullptr && text != nullptr && IsUtf8(text);
}

std::vector<std::string> ReadWords(const char* const* words, int count) {
  std::vector<std::string> read;
  for (int i = 0; words != nullptr && i < count; ++i) {
    if (words[i] != nullptr && IsUtf8(words[i])) read.emplace_back(words[i]);
  }
  return read;
}

/// Capability lists are strict: a refused one poisons the handle.
BoxliteErrorCode SetCapabilities(AdvancedBoxOptionsHandle* handle, std::vector<std::string> Advanced::*list,
                                 const char* const* names, int count) {
  if (handle == nullptr) return BOXLITE_INVALID_ARGUMENT;
  bool good = count >= 0 && (count == 0 || names != nullptr);
  for (int i = 0; good && i < count; ++i) good = names[i] != nullptr && IsUtf8(names[i]);
  if (!good) {
    handle->advanced.poisoned = true;
    return BOXLITE_INVALID_ARGUMENT;
  }
  handle->advanced.*list = ReadWords(names, count);
  return BOXLITE_OK;
}

}  // namespace

namespace boxlite::engine {

Options TakeOptions(CBoxliteOptions* handle) {
  std::unique_ptr<OptionsHandle> owned(handle);
  return std::move(owned->options);
}

}  // namespace boxlite::engine

extern "C" {

BoxliteErrorCode boxlite_options_new(const char* image, CBoxliteOptions** out_opts,
                                     CBoxliteError* out_error) {
  if (out_opts == nullptr) return ReportNull("out_opts", out_error);
  if (image == nullptr) return ReportBadString(out_error, "null pointer");
  if (!IsUtf8(image)) return ReportBadString(out_error, "invalid UTF-8");
  auto handle = std::make_unique<OptionsHandle>();
  handle->options.image = image;
  *out_opts = handle.release();
  return BOXLITE_OK;
}

void boxlite_options_free(CBoxliteOptions* opts) { std::unique_ptr<OptionsHandle> owned(opts); }

void boxlite_options_set_rootfs_path(CBoxliteOptions* opts, const char* path) {
  if (Usable(opts, path)) opts->options.rootfs_path = path;
}

void boxlite_options_set_name(CBoxliteOptions* opts, const char* name) {
  if (Usable(opts, name)) opts->options.name = name;
}

void boxlite_options_set_cpus(CBoxliteOptions* opts, int cpus) {
  if (opts != nullptr && cpus > 0) opts->options.cpus = std::min(cpus, 255);
}

void boxlite_options_set_memory(CBoxliteOptions* opts, int memory_mib) {
  if (opts != nullptr && memory_mib > 0) opts->options.memory_mib = memory_mib;
}

void boxlite_options_set_disk_size_gb(CBoxliteOptions* opts, int disk_size_gb) {
  if (opts != nullptr && disk_size_gb > 0) opts->options.disk_size_gb = disk_size_gb;
}

void boxlite_options_set_workdir(CBoxliteOptions* opts, const char* workdir) {
  if (Usable(opts, workdir)) opts->options.workdir = workdir;
}

void boxlite_options_set_user(CBoxliteOptions* opts, const char* user) {
  if (Usable(opts, user)) opts->options.user = user;
}

void boxlite_options_add_env(CBoxliteOptions* opts, const char* key, const char* val) {
  if (Usable(opts, key) && Usable(opts, val)) opts->options.env.emplace_back(key, val);
}

void boxlite_options_add_volume(CBoxliteOptions* opts, const char* host_path, const char* guest_path, int) {
  if (Usable(opts, host_path) && Usable(opts, guest_path)) opts->options.has_volumes = true;
}

BoxliteErrorCode boxlite_options_add_port(CBoxliteOptions* opts, uint16_t host_port, uint16_t guest_port,
                                          BoxlitePortProtocol protocol, const char* host_ip) {
  if (opts == nullptr || guest_port == 0 || (host_ip != nullptr && !IsUtf8(host_ip)))
    return BOXLITE_INVALID_ARGUMENT;
  opts->options.ports.push_back({guest_port, host_port, protocol, host_ip != nullptr ? host_ip : ""});
  return BOXLITE_OK;
}

void boxlite_options_set_network_enabled(CBoxliteOptions* opts) {
  if (opts == nullptr) return;
  opts->options.network_enabled = true;
  opts->options.inbound_enabled = true;
  opts->options.network_allow.clear();
}

void boxlite_options_set_network_disabled(CBoxliteOptions* opts) {
  if (opts == nullptr) return;
  opts->options.network_enabled = false;
  opts->options.network_allow.clear();
}

void boxlite_options_add_network_allow(CBoxliteOptions* opts, const char* host) {
  if (Usable(opts, host) && opts->options.network_enabled) opts->options.network_allow.emplace_back(host);
}

void boxlite_options_set_network_inbound_enabled(CBoxliteOptions* opts) {
  if (opts != nullptr) opts->options.inbound_enabled = true;
}

void boxlite_options_set_network_inbound_disabled(CBoxliteOptions* opts) {
  if (opts != nullptr) opts->options.inbound_enabled = false;
}

// Accepted and not enforced, as in the one build that has it.
void boxlite_options_add_network_inbound_allow(CBoxliteOptions*, const char*) {}

void boxlite_options_add_secret(CBoxliteOptions* opts, const char* name, const char* value, const char*,
                                const char* const*, int) {
  if (Usable(opts, name) && Usable(opts, value)) opts->options.has_secrets = true;
}

void boxlite_options_set_auto_remove(CBoxliteOptions* opts, int val) {
  if (opts == nullptr) return;
  opts->options.auto_remove = val != 0;
  opts->options.auto_delete_seconds.reset();
}

void boxlite_options_set_auto_stop_interval(CBoxliteOptions* opts, uint32_t seconds) {
  if (opts != nullptr) opts->options.auto_stop_seconds = seconds;
}

void boxlite_options_set_auto_pause_interval(CBoxliteOptions* opts, uint32_t seconds) {
  boxlite_options_set_auto_stop_interval(opts, seconds);
}

void boxlite_options_set_auto_delete_interval(CBoxliteOptions* opts, uint32_t seconds) {
  if (opts != nullptr) opts->options.auto_delete_seconds = seconds;
}

void boxlite_options_set_auto_resume_enabled(CBoxliteOptions* opts, int val) {
  if (opts != nullptr) opts->options.auto_resume = val != 0;
}

void boxlite_options_set_detach(CBoxliteOptions* opts, int val) {
  if (opts != nullptr) opts->options.detach = val != 0;
}

void boxlite_options_set_advanced(CBoxliteOptions* opts, const CAdvancedBoxOptions* advanced_opts) {
  if (opts != nullptr && advanced_opts != nullptr) opts->options.advanced = advanced_opts->advanced;
}

void boxlite_options_set_entrypoint(CBoxliteOptions* opts, const char* const* args, int argc) {
  if (opts != nullptr) opts->options.entrypoint = ReadWords(args, argc);
}

void boxlite_options_set_cmd(CBoxliteOptions* opts, const char* const* args, int argc) {
  if (opts != nullptr) opts->options.cmd = ReadWords(args, argc);
}

BoxliteErrorCode boxlite_advanced_options_new(CAdvancedBoxOptions** out_opts, CBoxliteError* out_error) {
  if (out_opts == nullptr) return ReportNull("out_opts", out_error);
  *out_opts = std::make_unique<AdvancedBoxOptionsHandle>().release();
  return BOXLITE_OK;
}

void boxlite_advanced_options_free(CAdvancedBoxOptions* opts) {
  std::unique_ptr<AdvancedBoxOptionsHandle> owned(opts);
}

void boxlite_advanced_options_set_security_enabled(CAdvancedBoxOptions* opts, int enabled) {
  if (opts != nullptr) opts->advanced.security_enabled = enabled != 0;
}

BoxliteErrorCode boxlite_advanced_options_set_capabilities_add(CAdvancedBoxOptions* opts,
                                                               const char* const* capabilities, int count) {
  return SetCapabilities(opts, &Advanced::capabilities_add, capabilities, count);
}

BoxliteErrorCode boxlite_advanced_options_set_capabilities_drop(CAdvancedBoxOptions* opts,
                                                                const char* const* capabilities, int count) {
  return SetCapabilities(opts, &Advanced::capabilities_drop, capabilities, count);
}

}  // extern "C"
