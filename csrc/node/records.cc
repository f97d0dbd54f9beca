#include "node/records.h"

#include <cmath>
#include <limits>

namespace boxlite::node {

namespace {

constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();
constexpr std::int64_t kMaxUint32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMaxPort = 65535;

template <class To>
std::optional<To> Narrow(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<To>(*value);
}

ffi::ImageRegistry ToRegistry(const Record& from) {
  return {from.RequiredString("host"),
          from.Bool("http").value_or(false),
          from.Bool("skipVerify").value_or(false),
          from.Bool("search").value_or(false),
          from.String("username"),
          from.String("password"),
          from.String("bearerToken")};
}

bool ReadUdp(const Record& port, Napi::Env env) {
  auto protocol = port.String("protocol").value_or("tcp");
  if (protocol == "udp") return true;
  if (protocol != "tcp") ThrowInvalidArgument(env, port.NameOf("protocol") + " must be 'tcp' or 'udp'");
  return false;
}

ffi::BoxOptions::Network ToNetwork(const std::optional<Record>& from) {
  if (!from) return {};
  return {from->Bool("enabled"), from->Strings("allow")};
}

std::vector<std::string> ReadPairs(const Record& from, const char* key, Napi::Env env) {
  auto pairs = from.Strings(key);
  if (pairs.size() % 2 != 0) {
    ThrowInvalidArgument(env, from.NameOf(key) + " must hold a value for each key, got " +
                                  std::to_string(pairs.size()) + " strings");
  }
  return pairs;
}

void ReadMachine(const Record& from, ffi::BoxOptions& to) {
  to.image = from.String("image").value_or("");
  to.name = from.String("name");
  to.rootfs_path = from.String("rootfsPath");
  to.cpus = Narrow<int>(from.Int("cpus", 1, 255));
  to.memory_mib = Narrow<int>(from.Int("memoryMib", 1, kMaxInt));
  to.disk_size_gb = Narrow<int>(from.Int("diskSizeGb", 1, kMaxInt));
  to.workdir = from.String("workingDir");
  to.user = from.String("user");
  to.entrypoint = from.OptionalStrings("entrypoint");
  to.cmd = from.OptionalStrings("cmd");
}

void ReadNetwork(const Record& from, Napi::Env env, ffi::BoxOptions& to) {
  for (const auto& port : from.Members("ports")) {
    to.ports.push_back({static_cast<std::uint16_t>(port.Int("guestPort", 1, kMaxPort).value_or(0)),
                        static_cast<std::uint16_t>(port.Int("hostPort", 0, kMaxPort).value_or(0)),
                        ReadUdp(port, env), port.String("hostIp")});
  }
  to.outbound = ToNetwork(from.Member("outbound"));
  to.inbound = ToNetwork(from.Member("inbound"));
  for (const auto& secret : from.Members("secrets")) {
    to.secrets.push_back({secret.RequiredString("name"), secret.RequiredString("value"),
                          secret.String("placeholder"), secret.Strings("hosts")});
  }
}

void ReadLifecycle(const Record& from, ffi::BoxOptions& to) {
  to.detach = from.Bool("detach");
  to.auto_remove = from.Bool("autoRemove").value_or(false);
  to.auto_stop_seconds = Narrow<std::uint32_t>(from.Int("autoStopSeconds", 0, kMaxUint32));
  to.auto_delete_seconds = Narrow<std::uint32_t>(from.Int("autoDeleteSeconds", 0, kMaxUint32));
  to.auto_resume = from.Bool("autoResume");
}

Napi::Array ToJs(Napi::Env env, const std::vector<std::string>& strings) {
  auto array = Napi::Array::New(env, strings.size());
  for (std::uint32_t i = 0; i < strings.size(); ++i) array.Set(i, strings[i]);
  return array;
}

Napi::Object ToJs(Napi::Env env, const ffi::PublishedPort& port) {
  auto object = Napi::Object::New(env);
  object.Set("guestPort", static_cast<double>(port.guest_port));
  object.Set("hostPort", static_cast<double>(port.host_port));
  object.Set("protocol", port.udp ? "udp" : "tcp");
  if (!port.host_ip.empty()) object.Set("hostIp", port.host_ip);
  return object;
}

Napi::Object ToJs(Napi::Env env, const ffi::NetworkInfo& network) {
  auto object = Napi::Object::New(env);
  object.Set("enabled", network.enabled);
  object.Set("allow", ToJs(env, network.allow));
  if (!network.published_ports) return object;
  auto ports = Napi::Array::New(env, network.published_ports->size());
  for (std::uint32_t i = 0; i < ports.Length(); ++i) ports.Set(i, ToJs(env, (*network.published_ports)[i]));
  object.Set("publishedPorts", ports);
  return object;
}

const char* KindName(ffi::SymbolKind kind) {
  switch (kind) {
    case ffi::SymbolKind::kCore: return "core";
    case ffi::SymbolKind::kOptional: return "optional";
    case ffi::SymbolKind::kExtension: break;
  }
  return "extension";
}

Napi::Array Generations(Napi::Env env, std::string_view tags) {
  constexpr const char* kNames[] = {"0.9.5", "0.9.7", "0.10-dev", "0.10", "next"};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i] != '-') names.emplace_back(kNames[i]);
  }
  return ToJs(env, names);
}

}  // namespace

ffi::RuntimeOptions ToRuntimeOptions(const Record& from) {
  ffi::RuntimeOptions to;
  to.library_path = from.String("libraryPath").value_or("");
  to.home_dir = from.String("homeDir");
  to.use_host_for_images = from.Bool("useHostForImages");
  to.allow_untested_version = from.Bool("allowUntestedVersion").value_or(false);
  for (const auto& registry : from.Members("imageRegistries"))
    to.image_registries.push_back(ToRegistry(registry));
  return to;
}

ffi::BoxOptions ToBoxOptions(const Record& from) {
  Napi::Env env = from.env();
  ffi::BoxOptions to;
  ReadMachine(from, to);
  auto pairs = ReadPairs(from, "env", env);
  for (std::size_t i = 0; i < pairs.size(); i += 2) to.env.emplace_back(pairs[i], pairs[i + 1]);
  for (const auto& volume : from.Members("volumes")) {
    to.volumes.push_back({volume.RequiredString("hostPath"), volume.RequiredString("guestPath"),
                          volume.Bool("readOnly").value_or(false)});
  }
  ReadNetwork(from, env, to);
  to.sandbox = from.Bool("sandbox");
  to.capabilities_add = from.Strings("capabilitiesAdd");
  to.capabilities_drop = from.Strings("capabilitiesDrop");
  ReadLifecycle(from, to);
  return to;
}

ExecArguments ToExecArguments(const Record& from) {
  Napi::Env env = from.env();
  ExecArguments to;
  to.command.command = from.RequiredString("command");
  to.command.args = from.Strings("args");
  to.command.env = ReadPairs(from, "env", env);
  to.command.workdir = from.String("workingDir");
  to.command.user = from.String("user");
  if (auto timeout = from.Number("timeoutMs")) {
    if (!std::isfinite(*timeout) || *timeout <= 0) {
      ThrowInvalidArgument(env, "timeoutMs must be a positive number of milliseconds");
    }
    to.command.timeout = std::chrono::duration<double, std::milli>(*timeout);
  }
  to.command.tty = from.Bool("tty").value_or(false);
  auto cols = from.Int("cols", 1, kMaxPort);
  auto rows = from.Int("rows", 1, kMaxPort);
  if (cols.has_value() != rows.has_value()) {
    ThrowInvalidArgument(env, "cols and rows must be given both or neither");
  }
  if (cols) to.command.tty_size = {static_cast<int>(*cols), static_cast<int>(*rows)};
  to.command.no_stdin = from.Bool("noStdin").value_or(false);
  to.command.quiet_start = from.Bool("quietStart").value_or(false);
  to.max_buffered = Narrow<std::uint64_t>(from.Int("maxBufferedBytes", 1, kMaxSafeInteger));
  return to;
}

ffi::Box::CopyFlags ToCopyFlags(Napi::Value value) {
  if (value.IsUndefined()) return {};
  const Record from(ReadObject(value, "options"), "options");
  return {from.Bool("keepExisting").value_or(false), from.Bool("followSymlinks").value_or(false)};
}

Napi::Object ToJs(Napi::Env env, const ffi::BoxInfo& info) {
  auto object = Napi::Object::New(env);
  object.Set("id", info.id);
  if (info.name) object.Set("name", *info.name);
  object.Set("image", info.image);
  object.Set("status", info.status);
  object.Set("running", info.running);
  if (info.pid != 0) object.Set("pid", info.pid);
  object.Set("cpus", info.cpus);
  object.Set("memoryMib", info.memory_mib);
  object.Set("autoStopSeconds", static_cast<double>(info.auto_stop_seconds));
  object.Set("autoDeleteSeconds", static_cast<double>(info.auto_delete_seconds));
  object.Set("autoResume", info.auto_resume);
  object.Set("createdAt", static_cast<double>(info.created_at_seconds) * 1000);
  if (info.started_at_ms != 0) object.Set("startedAt", static_cast<double>(info.started_at_ms));
  if (info.last_activity_at_ms != 0)
    object.Set("lastActivityAt", static_cast<double>(info.last_activity_at_ms));
  if (info.network) object.Set("network", ToJs(env, *info.network));
  return object;
}

Napi::Object ToJs(Napi::Env env, const ffi::BoxMetrics& metrics) {
  auto object = Napi::Object::New(env);
  auto set = [&object](const char* key, auto value) { object.Set(key, static_cast<double>(value)); };
  set("cpuPercent", metrics.cpu_percent);
  set("memoryBytes", metrics.memory_bytes);
  set("commandsExecuted", metrics.commands_executed);
  set("execErrors", metrics.exec_errors);
  set("bytesSent", metrics.bytes_sent);
  set("bytesReceived", metrics.bytes_received);
  set("createDurationMs", metrics.create_duration_ms);
  set("bootDurationMs", metrics.boot_duration_ms);
  set("networkBytesSent", metrics.network_bytes_sent);
  set("networkBytesReceived", metrics.network_bytes_received);
  set("networkTcpConnections", metrics.network_tcp_connections);
  set("networkTcpErrors", metrics.network_tcp_errors);
  return object;
}

Napi::Object ToJs(Napi::Env env, const ffi::RuntimeMetrics& metrics) {
  auto object = Napi::Object::New(env);
  object.Set("boxesCreated", metrics.boxes_created);
  object.Set("boxesFailed", metrics.boxes_failed);
  object.Set("runningBoxes", metrics.running_boxes);
  object.Set("commandsExecuted", metrics.commands_executed);
  object.Set("execErrors", metrics.exec_errors);
  return object;
}

Napi::Object ToJs(Napi::Env env, const ffi::Library& library) {
  auto object = Napi::Object::New(env);
  object.Set("kind", library.embedded() ? "embedded" : "library");
  object.Set("version", library.version());
  object.Set("generation", ffi::GenerationName(library.generation()));
  if (!library.embedded()) object.Set("path", library.path());
  object.Set("isolation", library.isolation());
  object.Set("capabilities", ToJs(env, library.capabilities()));
  return object;
}

Napi::Array AbiCoverage(Napi::Env env) {
  const auto& rows = ffi::SymbolRows();
  auto array = Napi::Array::New(env, rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    auto row = Napi::Object::New(env);
    row.Set("symbol", std::string("boxlite_") + rows[i].name);
    row.Set("kind", KindName(rows[i].kind));
    row.Set("generations", Generations(env, rows[i].tags));
    row.Set("bound", rows[i].bound);
    if (!rows[i].bound) row.Set("reason", rows[i].reason);
    array.Set(i, row);
  }
  return array;
}

}  // namespace boxlite::node
