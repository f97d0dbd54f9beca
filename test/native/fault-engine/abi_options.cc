// The ABI's option builders. What has no effect here is written to the log, so that a test can see the order.
#include <memory>

#include "handles.h"

using namespace boxlite::fault;

namespace {

void Log(const char* setter, const std::string& value = {}) {
  Lock lock = Enter();
  Note(std::string(setter) + (value.empty() ? "" : " " + value));
}
void Log(const char* setter, std::int64_t value) { Log(setter, std::to_string(value)); }
void Log(const char* setter, const char* value) {
  Log(setter, std::string(value == nullptr ? "(null)" : value));
}

BoxliteErrorCode SetCapabilities(CAdvancedBoxOptions* opts, const char* const* names, int count) {
  if (opts == nullptr) return BOXLITE_INVALID_ARGUMENT;
  bool bad = count < 0 || (names == nullptr && count > 0);
  for (int i = 0; !bad && i < count; ++i) bad = CheckText(names[i], nullptr) != BOXLITE_OK;
  opts->poisoned |= bad;
  return bad ? BOXLITE_INVALID_ARGUMENT : BOXLITE_OK;
}

}  // namespace

extern "C" {

BoxliteErrorCode boxlite_options_new(const char* image, CBoxliteOptions** out_opts,
                                     CBoxliteError* out_error) {
  if (out_opts == nullptr) return ReportNull("out_opts", out_error);
  if (auto code = CheckText(image, out_error)) return code;
  Lock lock = Enter();
  Script script;
  std::string bad;
  ParseNamed(image, script, bad);
  const Fault& fault = script.FaultOf("new");
  if (fault.returned) return Report(*fault.returned, fault.struct_code, out_error);
  auto handle = std::make_unique<OptionsHandle>();
  handle->options.image = image;
  *out_opts = handle.release();
  return BOXLITE_OK;
}

void boxlite_options_free(CBoxliteOptions* opts) {
  Lock lock = Enter();
  std::unique_ptr<OptionsHandle> owned(opts);
  owned.reset();
}

void boxlite_options_set_name(CBoxliteOptions* opts, const char* name) {
  if (opts != nullptr && name != nullptr) opts->options.name = name;
}
void boxlite_options_set_cpus(CBoxliteOptions* opts, int cpus) {
  // Kept in a byte: H19.
  if (opts != nullptr && cpus > 0) opts->options.cpus = cpus % 256;
}
void boxlite_options_set_memory(CBoxliteOptions* opts, int memory_mib) {
  if (opts != nullptr && memory_mib > 0) opts->options.memory_mib = memory_mib;
}
void boxlite_options_set_auto_remove(CBoxliteOptions* opts, int val) {
  Log("set_auto_remove", val);
  if (opts == nullptr) return;
  opts->options.auto_remove = val != 0;
  opts->options.auto_delete.reset();
}
void boxlite_options_set_auto_delete_interval(CBoxliteOptions* opts, uint32_t seconds) {
  Log("set_auto_delete_interval", seconds);
  if (opts != nullptr) opts->options.auto_delete = seconds;
}
void boxlite_options_set_auto_stop_interval(CBoxliteOptions* opts, uint32_t seconds) {
  Log("set_auto_stop_interval", seconds);
  if (opts != nullptr) opts->options.auto_stop = seconds;
}
void boxlite_options_set_auto_pause_interval(CBoxliteOptions* opts, uint32_t seconds) {
  Log("set_auto_pause_interval", seconds);
  if (opts != nullptr) opts->options.auto_stop = seconds;
}
void boxlite_options_set_auto_resume_enabled(CBoxliteOptions* opts, int val) {
  if (opts != nullptr) opts->options.auto_resume = val != 0;
}
void boxlite_options_set_detach(CBoxliteOptions* opts, int val) {
  Log("set_detach", val);
  if (opts != nullptr) opts->options.detach = val != 0;
}
void boxlite_options_set_advanced(CBoxliteOptions* opts, const CAdvancedBoxOptions* advanced_opts) {
  if (opts != nullptr && advanced_opts != nullptr) opts->options.poisoned = advanced_opts->poisoned;
}

void boxlite_options_set_rootfs_path(CBoxliteOptions*, const char* path) { Log("set_rootfs_path", path); }
void boxlite_options_set_disk_size_gb(CBoxliteOptions*, int gb) { Log("set_disk_size_gb", gb); }
void boxlite_options_set_workdir(CBoxliteOptions*, const char* workdir) { Log("set_workdir", workdir); }
void boxlite_options_set_user(CBoxliteOptions*, const char* user) { Log("set_user", user); }
void boxlite_options_add_env(CBoxliteOptions*, const char* key, const char* val) {
  if (key != nullptr && val != nullptr) Log("add_env", std::string(key) + "=" + val);
}
void boxlite_options_add_volume(CBoxliteOptions*, const char* host, const char*, int) {
  Log("add_volume", host);
}
void boxlite_options_add_bind_mount(CBoxliteOptions*, const char* host, const char*, int) {
  Log("add_bind_mount", host);
}
void boxlite_options_add_managed_volume(CBoxliteOptions*, const char* name, const char*, int) {
  Log("add_managed_volume", name);
}
void boxlite_options_set_network_enabled(CBoxliteOptions*) { Log("set_network_enabled"); }
void boxlite_options_set_network_disabled(CBoxliteOptions*) { Log("set_network_disabled"); }
void boxlite_options_add_network_allow(CBoxliteOptions*, const char* host) { Log("add_network_allow", host); }
void boxlite_options_set_network_inbound_enabled(CBoxliteOptions*) { Log("set_network_inbound_enabled"); }
void boxlite_options_set_network_inbound_disabled(CBoxliteOptions*) { Log("set_network_inbound_disabled"); }
void boxlite_options_add_network_inbound_allow(CBoxliteOptions*, const char* host) {
  Log("add_network_inbound_allow", host);
}
void boxlite_options_add_secret(CBoxliteOptions*, const char* name, const char*, const char*,
                                const char* const*, int) {
  Log("add_secret", name);
}
void boxlite_options_set_entrypoint(CBoxliteOptions*, const char* const*, int argc) {
  Log("set_entrypoint", argc);
}
void boxlite_options_set_cmd(CBoxliteOptions*, const char* const*, int argc) { Log("set_cmd", argc); }

BoxliteErrorCode boxlite_advanced_options_new(CAdvancedBoxOptions** out_opts, CBoxliteError* out_error) {
  if (out_opts == nullptr) return ReportNull("out_opts", out_error);
  Lock lock = Enter();
  *out_opts = std::make_unique<AdvancedBoxOptionsHandle>().release();
  return BOXLITE_OK;
}

void boxlite_advanced_options_free(CAdvancedBoxOptions* opts) {
  Lock lock = Enter();
  std::unique_ptr<AdvancedBoxOptionsHandle> owned(opts);
  owned.reset();
}

void boxlite_advanced_options_set_security_enabled(CAdvancedBoxOptions*, int enabled) {
  Log("set_security_enabled", enabled);
}

BoxliteErrorCode boxlite_advanced_options_set_capabilities_add(CAdvancedBoxOptions* opts,
                                                               const char* const* names, int count) {
  return SetCapabilities(opts, names, count);
}

BoxliteErrorCode boxlite_advanced_options_set_capabilities_drop(CAdvancedBoxOptions* opts,
                                                                const char* const* names, int count) {
  return SetCapabilities(opts, names, count);
}

}  // extern "C"
