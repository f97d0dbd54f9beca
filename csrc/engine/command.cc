#include "engine/command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>

#include "engine/proc_files.h"
#include "engine/user_spec.h"

namespace boxlite::engine {

namespace {

constexpr char kDefaultPath[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool ReadOptional(const char* text, std::string& out) {
  if (text == nullptr) return true;
  if (!IsUtf8(text)) return false;
  out = text;
  return true;
}

std::vector<std::string> ReadArray(const char* const* items, int count) {
  std::vector<std::string> strings;
  for (int i = 0; items != nullptr && i < count; ++i) {
    // What can't be read is skipped, as consumers know it.
    if (items[i] != nullptr && IsUtf8(items[i])) strings.emplace_back(items[i]);
  }
  return strings;
}

BoxliteErrorCode BadString(const char* name, CBoxliteError* out) {
  return Report({BOXLITE_INTERNAL, std::string(name) + " is null or not valid UTF-8"}, out);
}

using Environment = std::map<std::string, std::string>;

Environment BuildEnvironment(const Command& command, const std::string& box_id, const Options& options,
                             const Account& account) {
  Environment env = {{"PATH", kDefaultPath}, {"HOME", account.home}, {"LANG", "C.UTF-8"}};
  if (!account.name.empty()) env["USER"] = env["LOGNAME"] = account.name;
  if (command.tty) env["TERM"] = "xterm-256color";
  for (const auto& [key, value] : options.env) env[key] = value;
  for (const auto& [key, value] : command.env) env[key] = value;
  env["BOXLITE_EXECUTOR"] = "embedded";
  env[kBoxVariable] = box_id;
  return env;
}

bool IsProgram(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

/// The first program of that name on the path; else the name itself, which the kernel then refuses.
Failure Resolve(const std::string& program, const std::string& path, std::string& resolved) {
  resolved = program;
  if (program.find('/') != std::string::npos) return {};
  bool refused = false;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find(':', at), path.size());
    const std::string candidate = path.substr(at, end - at) + "/" + program;
    at = end + 1;
    if (candidate.front() != '/' || candidate == "/" + program) continue;
    if (IsProgram(candidate)) {
      resolved = candidate;
      return {};
    }
    refused |= access(candidate.c_str(), F_OK) == 0;
  }
  return {BOXLITE_EXECUTION, "cannot run \"" + program + "\": " + std::strerror(refused ? EACCES : ENOENT)};
}

}  // namespace

BoxliteErrorCode ReadCommand(const BoxliteCommand& raw, Command& command, CBoxliteError* out) {
  if (raw.command == nullptr || !IsUtf8(raw.command)) return BadString("command", out);
  command.program = raw.command;
  if (!ReadOptional(raw.workdir, command.workdir)) return BadString("workdir", out);
  if (!ReadOptional(raw.user, command.user)) return BadString("user", out);
  if (!std::isfinite(raw.timeout_secs) || raw.timeout_secs < 0) {
    return Report({BOXLITE_INVALID_ARGUMENT, "timeout_seconds must be a non-negative finite number"}, out);
  }
  if (raw.timeout_secs > 0) command.timeout_seconds = raw.timeout_secs;
  command.args = ReadArray(raw.args, raw.argc);
  auto pairs = ReadArray(raw.env_pairs, raw.env_count);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) command.env.emplace_back(pairs[i], pairs[i + 1]);
  command.tty = raw.tty != 0;
  return BOXLITE_OK;
}

Failure Plan(const Command& command, const std::string& box_id, const Options& options, SpawnPlan& plan) {
  Failure failure;
  const bool other = command.user.find_first_not_of(" \t") != std::string::npos;
  const std::string& user = other ? command.user : options.user;
  auto account = LookUpUser(user, failure);
  if (!account) return failure;
  if (account->identity.uid != geteuid() || user.find(':') != std::string::npos)
    plan.identity = account->identity;
  auto env = BuildEnvironment(command, box_id, options, *account);
  if (auto missing = Resolve(command.program, env["PATH"], plan.path)) return missing;
  plan.environment.reserve(env.size());
  for (const auto& [key, value] : env) plan.environment.emplace_back(key).append("=").append(value);
  plan.argv.push_back(command.program);
  plan.argv.insert(plan.argv.end(), command.args.begin(), command.args.end());
  plan.workdir = !command.workdir.empty()   ? command.workdir
                 : !options.workdir.empty() ? options.workdir
                                            : "/";
  plan.tty = command.tty;
  plan.dies_with_parent = !options.detach;
  return {};
}

}  // namespace boxlite::engine
