// The embedded engine as a C consumer sees it: one runtime, drained on the test's own thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "abi/boxlite.h"

namespace boxlite::test {

/// An error struct that is freed, and told apart from one that nobody wrote to.
struct AbiError {
  CBoxliteError raw{};
  ~AbiError() { boxlite_error_free(&raw); }
  AbiError() = default;
  AbiError(const AbiError&) = delete;
  AbiError& operator=(const AbiError&) = delete;
  std::string message() const { return raw.message == nullptr ? "" : raw.message; }
};

/// What a callback told, copied while its error was valid.
struct Told {
  int calls = 0;
  bool error_was_null = false;
  int code = -1;
  std::string message;
  CBoxHandle* box = nullptr;
  bool created = false;
  int exit_code = -1000;

  void Take(CBoxliteError* error) {
    ++calls;
    error_was_null = error == nullptr;
    if (error == nullptr) return;
    code = error->code;
    message = error->message == nullptr ? "" : error->message;
  }
};

inline void OnDone(CBoxliteError* error, void* told) { static_cast<Told*>(told)->Take(error); }
inline void OnBox(CBoxHandle* box, CBoxliteError* error, void* told) {
  static_cast<Told*>(told)->box = box;
  OnDone(error, told);
}
inline void OnGetOrCreate(CBoxHandle* box, bool created, CBoxliteError* error, void* told) {
  static_cast<Told*>(told)->created = created;
  OnBox(box, error, told);
}
inline void OnWait(int code, CBoxliteError* error, void* told) {
  static_cast<Told*>(told)->exit_code = code;
  OnDone(error, told);
}

/// Everything that one execution's callbacks told, in order: "out:…", "err:…", "exit:n".
struct AbiStory {
  std::vector<std::string> events;
  int exits = 0;

  void Add(const char* stream, const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (!events.empty() && events.back().starts_with(stream)) {
      events.back() += text;
    } else {
      events.push_back(stream + text);
    }
  }
};

inline void OnOut(const std::uint8_t* data, std::size_t size, void* story) {
  static_cast<AbiStory*>(story)->Add("out:", data, size);
}
inline void OnErr(const std::uint8_t* data, std::size_t size, void* story) {
  static_cast<AbiStory*>(story)->Add("err:", data, size);
}
inline void OnExit(int code, void* story) {
  ++static_cast<AbiStory*>(story)->exits;
  static_cast<AbiStory*>(story)->events.push_back("exit:" + std::to_string(code));
}

class EngineTest : public ::testing::Test {
 protected:
  // Generous: only a test that fails waits this long.
  static constexpr std::chrono::seconds kPatience{60};

  void SetUp() override { ASSERT_EQ(boxlite_runtime_new("", nullptr, 0, &runtime_, nullptr), BOXLITE_OK); }
  void TearDown() override { boxlite_runtime_free(runtime_); }

  /// Drains until something is true. False when patience ran out.
  bool DrainUntil(const std::function<bool()>& done) {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (!done()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      boxlite_runtime_drain(runtime_, 20, nullptr);
    }
    return true;
  }
  bool DrainUntilTold(const Told& told) {
    return DrainUntil([&told] { return told.calls > 0; });
  }

  CBoxliteOptions* NewOptions(const char* name = nullptr) {
    CBoxliteOptions* options = nullptr;
    EXPECT_EQ(boxlite_options_new("", &options, nullptr), BOXLITE_OK);
    boxlite_options_set_auto_remove(options, 0);
    if (name != nullptr) boxlite_options_set_name(options, name);
    return options;
  }

  Told Create(CBoxliteOptions* options) {
    Told told;
    EXPECT_EQ(boxlite_create_box(runtime_, options, OnBox, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }
  CBoxHandle* NewBox(const char* name = nullptr) { return Create(NewOptions(name)).box; }
  Told Get(const char* id_or_name) {
    Told told;
    EXPECT_EQ(boxlite_get(runtime_, id_or_name, OnBox, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }
  Told Start(CBoxHandle* box) {
    Told told;
    EXPECT_EQ(boxlite_start_box(box, OnDone, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }
  Told Stop(CBoxHandle* box) {
    Told told;
    EXPECT_EQ(boxlite_stop_box(box, OnDone, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }
  Told Remove(const char* id_or_name, int force) {
    Told told;
    EXPECT_EQ(boxlite_remove(runtime_, id_or_name, force, OnDone, &told, nullptr), BOXLITE_OK);
    EXPECT_TRUE(DrainUntilTold(told));
    return told;
  }

  CExecutionHandle* Exec(CBoxHandle* box, const std::string& script, CBoxliteError* error = nullptr) {
    const char* args[] = {"-c", script.c_str()};
    BoxliteCommand command{};
    command.command = "/bin/sh";
    command.args = args;
    command.argc = 2;
    CExecutionHandle* execution = nullptr;
    boxlite_box_exec(box, &command, &execution, error);
    return execution;
  }
  void Follow(CExecutionHandle* execution, AbiStory& story) {
    EXPECT_EQ(boxlite_execution_on_stdout(execution, OnOut, &story, nullptr), BOXLITE_OK);
    EXPECT_EQ(boxlite_execution_on_stderr(execution, OnErr, &story, nullptr), BOXLITE_OK);
    EXPECT_EQ(boxlite_execution_on_exit(execution, OnExit, &story, nullptr), BOXLITE_OK);
  }
  /// Runs a script to its end and gives what it told.
  AbiStory Run(CBoxHandle* box, const std::string& script) {
    AbiStory story;
    auto* execution = Exec(box, script);
    EXPECT_NE(execution, nullptr);
    if (execution == nullptr) return story;
    Follow(execution, story);
    EXPECT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
    boxlite_execution_free(execution);
    return story;
  }

  CBoxliteRuntime* runtime_ = nullptr;
};

}  // namespace boxlite::test
