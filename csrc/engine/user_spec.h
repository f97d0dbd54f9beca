// "name|uid[:group|gid]" as an identity.
#pragma once

#include <optional>
#include <string>

#include "engine/spawn.h"

namespace boxlite::engine {

struct Account {
  Identity identity;
  std::string name;
  std::string home = "/";
};

/// The account of a spec; of this process for a blank one. Fails with InvalidArgument for who does not exist,
/// and with Unsupported where this process may not become somebody else.
std::optional<Account> LookUpUser(const std::string& spec, Failure& failure);

}  // namespace boxlite::engine
