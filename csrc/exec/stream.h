// The two output streams of an execution.
#pragma once

#include <cstddef>

namespace boxlite::exec {

enum class Stream { kStdout = 1, kStderr = 2 };

inline constexpr Stream kStreams[] = {Stream::kStdout, Stream::kStderr};

inline constexpr std::size_t IndexOf(Stream stream) { return static_cast<std::size_t>(stream) - 1; }

}  // namespace boxlite::exec
