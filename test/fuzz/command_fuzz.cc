// A command as the ABI gives it: program, arguments, pairs of the environment, working directory, user,
// time-out.
#include "engine/command.h"
#include "input.h"

using namespace boxlite::engine;
using boxlite::fuzz::FuzzInput;
using boxlite::fuzz::Require;
using boxlite::fuzz::Strings;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const auto flags = input.Byte();
  const double timeout = input.Double();
  const std::string program = input.String();
  const std::string workdir = input.String();
  const std::string user = input.String();
  const Strings args(input, input.Byte() % 8);
  const Strings env(input, input.Byte() % 8);

  BoxliteCommand raw{};
  raw.command = (flags & 1) != 0 ? nullptr : program.c_str();
  raw.args = args.data();
  raw.argc = args.count();
  raw.env_pairs = env.data();
  raw.env_count = env.count();
  raw.workdir = (flags & 2) != 0 ? nullptr : workdir.c_str();
  raw.user = (flags & 4) != 0 ? nullptr : user.c_str();
  raw.timeout_secs = timeout;
  raw.tty = flags & 8;

  Command command;
  CBoxliteError error{};
  const auto code = ReadCommand(raw, command, &error);
  Require((code == BOXLITE_OK) == (error.message == nullptr));
  boxlite_error_free(&error);
  if (code != BOXLITE_OK) return 0;
  Require(IsUtf8(command.program.c_str()));
  Require(command.args.size() <= static_cast<std::size_t>(args.count()));
  Require(command.env.size() <= static_cast<std::size_t>(env.count()) / 2);
  SpawnPlan plan;
  if (Plan(command, "box", {}, plan)) return 0;
  Require(plan.argv.size() == command.args.size() + 1);
  for (const auto& entry : plan.environment) Require(entry.find('=') != std::string::npos);
  return 0;
}
