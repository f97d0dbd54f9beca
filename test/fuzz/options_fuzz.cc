// The builders of box options: every setter, in any order and with anything, capability names among them.
#include <memory>

#include "engine/options.h"
#include "input.h"

using namespace boxlite::engine;
using boxlite::fuzz::FuzzInput;
using boxlite::fuzz::Require;
using boxlite::fuzz::Strings;

namespace {

void SetOne(CBoxliteOptions* options, FuzzInput& input) {
  const auto which = input.Byte() % 16;
  const std::string text = input.String();
  const char* word = text == "null" ? nullptr : text.c_str();
  switch (which) {
    case 0: return boxlite_options_set_name(options, word);
    case 1: return boxlite_options_set_rootfs_path(options, word);
    case 2: return boxlite_options_set_workdir(options, word);
    case 3: return boxlite_options_set_user(options, word);
    case 4: return boxlite_options_add_env(options, word, input.String().c_str());
    case 5: return boxlite_options_set_cpus(options, input.Int());
    case 6: return boxlite_options_set_memory(options, input.Int());
    case 7: return boxlite_options_set_disk_size_gb(options, input.Int());
    case 8: {
      const auto host = static_cast<std::uint16_t>(input.Int());
      const auto guest = static_cast<std::uint16_t>(input.Int());
      boxlite_options_add_port(options, host, guest, static_cast<BoxlitePortProtocol>(input.Byte() % 2),
                               word);
      return;
    }
    case 9: return boxlite_options_add_network_allow(options, word);
    case 10: return boxlite_options_set_network_disabled(options);
    case 11: return boxlite_options_set_detach(options, input.Byte());
    case 12: return boxlite_options_set_auto_remove(options, input.Byte());
    case 13:
      return boxlite_options_set_auto_delete_interval(options, static_cast<std::uint32_t>(input.Int()));
    case 14: {
      const Strings words(input, input.Byte() % 8);
      boxlite_options_set_entrypoint(options, words.data(), words.count());
      return boxlite_options_set_cmd(options, words.data(), words.count());
    }
    default: {
      const Strings hosts(input, input.Byte() % 4);
      return boxlite_options_add_secret(options, word, word, word, hosts.data(), hosts.count());
    }
  }
}

void SetAdvanced(CBoxliteOptions* options, FuzzInput& input) {
  CAdvancedBoxOptions* advanced = nullptr;
  Require(boxlite_advanced_options_new(&advanced, nullptr) == BOXLITE_OK);
  const Strings add(input, input.Byte() % 8);
  const Strings drop(input, input.Byte() % 8);
  const auto added = boxlite_advanced_options_set_capabilities_add(advanced, add.data(), add.count());
  boxlite_advanced_options_set_capabilities_drop(advanced, drop.data(), drop.count());
  for (int i = 0; i < add.count(); ++i) {
    if (added == BOXLITE_OK) Require(add.data()[i] != nullptr && IsUtf8(add.data()[i]));
  }
  boxlite_options_set_advanced(options, advanced);
  boxlite_advanced_options_free(advanced);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  CBoxliteOptions* options = nullptr;
  CBoxliteError error{};
  const std::string image = input.String();
  const auto code = boxlite_options_new(image.c_str(), &options, &error);
  Require((code == BOXLITE_OK) == IsUtf8(image.c_str()));
  boxlite_error_free(&error);
  if (code != BOXLITE_OK) return 0;
  const bool advanced = input.Byte() % 2 == 0;
  for (int i = input.Byte() % 16; i > 0 && !input.empty(); --i) SetOne(options, input);
  if (advanced) SetAdvanced(options, input);
  const Options taken = TakeOptions(options);
  Require(IsUtf8(taken.name.c_str()) && IsUtf8(taken.user.c_str()) && IsUtf8(taken.workdir.c_str()));
  // Whoever may use the host gets less refused, never more.
  if (Validate(taken, true)) Require(static_cast<bool>(Validate(taken, false)));
  return 0;
}
