// What existing consumers of the C ABI rely on, asked of the embedded engine through its exported functions.
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "engine_fixture.h"

namespace boxlite::test {
namespace {

using ::testing::Test;

constexpr char kNoText[] = "\xff\xfe";

using EngineErrors = EngineTest;
using EngineBoxes = EngineTest;
using EngineExecutions = EngineTest;
using EngineDrain = EngineTest;
using EngineExtensions = EngineTest;
using EngineShutdown = EngineTest;

TEST_F(EngineErrors, ABadStringIsReturnedAs5AndWrittenAs1) {
  for (const char* text : {static_cast<const char*>(nullptr), kNoText}) {
    AbiError error;
    CBoxliteOptions* options = nullptr;
    EXPECT_EQ(boxlite_options_new(text, &options, &error.raw), BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(error.raw.code, BOXLITE_INTERNAL);
    EXPECT_NE(error.message(), "");
    EXPECT_EQ(options, nullptr);
    AbiError get_error;
    EXPECT_EQ(boxlite_get(runtime_, text, OnBox, nullptr, &get_error.raw), BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(get_error.raw.code, BOXLITE_INTERNAL);
  }
}

TEST_F(EngineErrors, ANullCallbackIsRefusedByName) {
  auto* box = NewBox();
  auto* execution = Exec(box, "sleep 60");
  auto expect = [](auto post) {
    AbiError error;
    EXPECT_EQ(post(&error.raw), BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(error.raw.code, BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(error.message(), "invalid argument: cb is null");
  };
  expect([&](CBoxliteError* e) { return boxlite_start_box(box, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_stop_box(box, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_box_info(box, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_list_info(runtime_, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_remove(runtime_, "x", 0, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_runtime_shutdown(runtime_, 1, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_execution_on_stdout(execution, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_execution_on_exit(execution, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_execution_wait(execution, nullptr, nullptr, e); });
  expect([&](CBoxliteError* e) { return boxlite_execution_kill(execution, nullptr, nullptr, e); });
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineErrors, SuccessLeavesTheStructAsItWas) {
  CBoxliteError error{BOXLITE_NETWORK, nullptr};
  CBoxliteOptions* options = nullptr;
  EXPECT_EQ(boxlite_options_new("", &options, &error), BOXLITE_OK);
  EXPECT_EQ(error.code, BOXLITE_NETWORK);
  boxlite_options_free(options);
}

TEST_F(EngineErrors, ACallbackAlwaysGetsAStructAndNoMessageOnSuccess) {
  auto* box = NewBox();
  const Told told = Start(box);
  EXPECT_FALSE(told.error_was_null);
  EXPECT_EQ(told.code, BOXLITE_OK);
  EXPECT_EQ(told.message, "");
  boxlite_box_free(box);
}

TEST(EngineFrees, AcceptNull) {
  boxlite_runtime_free(nullptr);
  boxlite_options_free(nullptr);
  boxlite_advanced_options_free(nullptr);
  boxlite_box_free(nullptr);
  boxlite_execution_free(nullptr);
  boxlite_image_free(nullptr);
  boxlite_volume_free(nullptr);
  boxlite_network_free(nullptr);
  boxlite_tunnel_free(nullptr);
  boxlite_credential_free(nullptr);
  boxlite_rest_options_free(nullptr);
  boxlite_free_box_info(nullptr);
  boxlite_free_box_info_list(nullptr);
  boxlite_free_string(nullptr);
  boxlite_error_free(nullptr);
  boxlite_simple_free(nullptr);
  boxlite_result_free(nullptr);
  EXPECT_EQ(boxlite_runtime_drain(nullptr, 0, nullptr), -1);
}

TEST_F(EngineBoxes, CreateConsumesItsOptionsOnlyWhenItReturnsOk) {
  auto* options = NewOptions();
  EXPECT_EQ(boxlite_create_box(runtime_, options, nullptr, nullptr, nullptr), BOXLITE_INVALID_ARGUMENT);
  const Told told = Create(options);  // still the caller's, or this reads freed memory
  EXPECT_EQ(told.code, BOXLITE_OK);
  boxlite_box_free(told.box);
}

TEST_F(EngineBoxes, ATakenNameIsInvalidArgument) {
  auto* box = NewBox("one");
  const Told told = Create(NewOptions("one"));
  EXPECT_EQ(told.box, nullptr);
  EXPECT_EQ(told.code, BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(told.message, "invalid argument: box with name 'one' already exists");
  boxlite_box_free(box);
}

TEST_F(EngineBoxes, GetOrCreateAnswersCreatedThenNot) {
  for (bool expected : {true, false}) {
    Told told;
    EXPECT_EQ(boxlite_get_or_create_box(runtime_, NewOptions("one"), OnGetOrCreate, &told, nullptr),
              BOXLITE_OK);
    ASSERT_TRUE(DrainUntilTold(told));
    EXPECT_EQ(told.created, expected);
    boxlite_box_free(told.box);
  }
}

TEST_F(EngineBoxes, AreFoundByIdNameAndUniquePrefix) {
  auto* box = NewBox("one");
  char* id = boxlite_box_id(box);
  ASSERT_EQ(std::string(id).size(), 12U);
  for (const auto& key : {std::string(id), std::string("one"), std::string(id).substr(0, 11)}) {
    const Told told = Get(key.c_str());
    EXPECT_EQ(told.code, BOXLITE_OK) << key;
    boxlite_box_free(told.box);
  }
  const Told missing = Get("two");
  EXPECT_EQ(missing.code, BOXLITE_NOT_FOUND);
  EXPECT_EQ(missing.message, "box not found: Box not found: two");
  boxlite_free_string(id);
  boxlite_box_free(box);
}

TEST_F(EngineBoxes, ADefaultBoxIsDeletedByItsStop) {
  CBoxliteOptions* options = nullptr;
  ASSERT_EQ(boxlite_options_new("", &options, nullptr), BOXLITE_OK);
  boxlite_options_set_name(options, "short-lived");
  auto* box = Create(options).box;
  EXPECT_EQ(Stop(box).code, BOXLITE_OK);
  EXPECT_EQ(Get("short-lived").code, BOXLITE_NOT_FOUND);
  boxlite_box_free(box);
}

TEST_F(EngineBoxes, AStopSpendsTheHandleAndAFreshOneStarts) {
  auto* box = NewBox("one");
  EXPECT_EQ(Start(box).code, BOXLITE_OK);
  EXPECT_EQ(Start(box).code, BOXLITE_OK);  // idempotent
  EXPECT_EQ(Stop(box).code, BOXLITE_OK);
  EXPECT_EQ(Stop(box).code, BOXLITE_OK);
  EXPECT_EQ(Start(box).code, BOXLITE_STOPPED);
  AbiError error;
  EXPECT_EQ(Exec(box, "true", &error.raw), nullptr);
  EXPECT_EQ(error.raw.code, BOXLITE_STOPPED);
  const Told fresh = Get("one");
  EXPECT_EQ(Start(fresh.box).code, BOXLITE_OK);
  EXPECT_EQ(Start(box).code, BOXLITE_STOPPED);  // for ever
  boxlite_box_free(fresh.box);
  boxlite_box_free(box);
}

TEST_F(EngineBoxes, ARunningOneIsRemovedByForceOnly) {
  auto* box = NewBox("one");
  Start(box);
  EXPECT_EQ(Remove("one", 0).code, BOXLITE_INVALID_STATE);
  EXPECT_EQ(Remove("one", 1).code, BOXLITE_OK);
  EXPECT_EQ(Remove("one", 1).code, BOXLITE_NOT_FOUND);
  boxlite_box_free(box);
}

TEST_F(EngineBoxes, FreeingTheLastHandleOfARunningOneStopsIt) {
  auto* box = NewBox("one");
  AbiStory story;
  auto* execution = Exec(box, "exec sleep 60");
  Follow(execution, story);
  boxlite_box_free(box);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  const Told known = Get("one");
  EXPECT_EQ(known.code, BOXLITE_OK) << "the record stays";
  boxlite_box_free(known.box);
  boxlite_execution_free(execution);
}

TEST_F(EngineBoxes, OptionsThatContradictEachOtherAreTold) {
  auto* detached = NewOptions();
  boxlite_options_set_detach(detached, 1);
  boxlite_options_set_auto_remove(detached, 1);
  EXPECT_EQ(Create(detached).code, BOXLITE_CONFIG);
  auto* udp = NewOptions();
  boxlite_options_add_port(udp, 0, 53, BOXLITE_PORT_UDP, nullptr);
  EXPECT_EQ(Create(udp).code, BOXLITE_UNSUPPORTED);
  auto* no_address = NewOptions();
  boxlite_options_add_port(no_address, 0, 80, BOXLITE_PORT_TCP, "nowhere");
  EXPECT_EQ(Create(no_address).code, BOXLITE_CONFIG);
  auto* auto_stop = NewOptions();
  boxlite_options_set_auto_stop_interval(auto_stop, 5);
  EXPECT_EQ(Create(auto_stop).code, BOXLITE_UNSUPPORTED);
  EXPECT_EQ(boxlite_options_add_port(nullptr, 0, 80, BOXLITE_PORT_TCP, nullptr), BOXLITE_INVALID_ARGUMENT);
}

TEST_F(EngineExecutions, OutputThenExitThenNothing) {
  auto* box = NewBox();
  const auto story = Run(box, "printf a; printf b >&2; exit 3");
  ASSERT_EQ(story.events.size(), 3U);
  EXPECT_EQ(story.events.back(), "exit:3");
  EXPECT_EQ(Run(box, "kill -TERM $$").events.back(), "exit:-15");
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, ALateRegistrationIsGivenAllOfIt) {
  auto* box = NewBox();
  auto* execution = Exec(box, "seq 1 20000");
  Told waited;
  boxlite_execution_wait(execution, OnWait, &waited, nullptr);
  ASSERT_TRUE(DrainUntilTold(waited));
  EXPECT_EQ(waited.exit_code, 0);
  AbiStory story;
  Follow(execution, story);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  ASSERT_EQ(story.events.size(), 2U);
  EXPECT_EQ(story.events[0].size(), std::string("out:").size() + 108894U);
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, AStreamIsRegisteredOnce) {
  auto* box = NewBox();
  auto* execution = Exec(box, "sleep 60");
  AbiStory story;
  EXPECT_EQ(boxlite_execution_on_stdout(execution, OnOut, &story, nullptr), BOXLITE_OK);
  AbiError error;
  EXPECT_EQ(boxlite_execution_on_stdout(execution, OnOut, &story, &error.raw), BOXLITE_INVALID_STATE);
  EXPECT_EQ(error.message(), "invalid state: stdout callback already registered or stream unavailable");
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, FreeingARunningOneKillsItAndTellsMinus129Once) {
  auto* box = NewBox();
  auto* execution = Exec(box, "exec sleep 60");
  AbiStory story;
  Follow(execution, story);
  boxlite_execution_free(execution);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  boxlite_runtime_drain(runtime_, 0, nullptr);
  EXPECT_EQ(story.events, std::vector<std::string>{"exit:-129"});
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, FreeingAnEndedOneTellsItsStatus) {
  auto* box = NewBox();
  auto* execution = Exec(box, "exit 7");
  AbiStory story;
  Follow(execution, story);
  Told waited;
  boxlite_execution_wait(execution, OnWait, &waited, nullptr);
  ASSERT_TRUE(DrainUntilTold(waited));
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  boxlite_execution_free(execution);
  EXPECT_EQ(story.events, std::vector<std::string>{"exit:7"});
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, ArgumentsOutOfRangeAreRefusedBeforeTheCallback) {
  auto* box = NewBox();
  auto* execution = Exec(box, "sleep 60");
  for (int signal : {0, -1, 65}) {
    AbiError error;
    EXPECT_EQ(boxlite_execution_signal(execution, signal, nullptr, nullptr, &error.raw),
              BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(error.message(), "invalid argument: signal must be in 1..=64, got " + std::to_string(signal));
  }
  AbiError error;
  EXPECT_EQ(boxlite_execution_tty_resize(execution, 0, 80, nullptr, nullptr, &error.raw),
            BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(error.message(), "invalid argument: rows and cols must be positive");
  Told resized;
  boxlite_execution_tty_resize(execution, 24, 80, OnDone, &resized, nullptr);
  ASSERT_TRUE(DrainUntilTold(resized));
  EXPECT_EQ(resized.code, BOXLITE_INTERNAL);  // it has no terminal
  Told unknown;
  boxlite_execution_signal(execution, 32, OnDone, &unknown, nullptr);
  ASSERT_TRUE(DrainUntilTold(unknown));
  EXPECT_EQ(unknown.code, BOXLITE_RPC);
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, ASignalAfterTheEndIsInternal) {
  auto* box = NewBox();
  auto* execution = Exec(box, "true");
  Told waited;
  boxlite_execution_wait(execution, OnWait, &waited, nullptr);
  ASSERT_TRUE(DrainUntilTold(waited));
  Told killed;
  boxlite_execution_kill(execution, OnDone, &killed, nullptr);
  ASSERT_TRUE(DrainUntilTold(killed));
  EXPECT_EQ(killed.code, BOXLITE_INTERNAL);
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, StdinTakesBytesUntilItIsClosed) {
  auto* box = NewBox();
  auto* execution = Exec(box, "cat");
  AbiStory story;
  Follow(execution, story);
  const std::uint8_t data[] = {'h', 0, 'i'};
  EXPECT_EQ(boxlite_execution_stdin_write(execution, nullptr, 0, nullptr), BOXLITE_OK);
  EXPECT_EQ(boxlite_execution_stdin_write(execution, nullptr, 1, nullptr), BOXLITE_INVALID_ARGUMENT);
  EXPECT_EQ(boxlite_execution_stdin_write(execution, data, sizeof data, nullptr), BOXLITE_OK);
  EXPECT_EQ(boxlite_execution_stdin_close(execution, nullptr), BOXLITE_OK);
  EXPECT_EQ(boxlite_execution_stdin_close(execution, nullptr), BOXLITE_OK);
  AbiError error;
  EXPECT_EQ(boxlite_execution_stdin_write(execution, data, 1, &error.raw), BOXLITE_INVALID_STATE);
  EXPECT_EQ(error.message(), "invalid state: execution stdin is closed");
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  EXPECT_EQ(story.events[0], std::string("out:h\0i", 7));
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineExecutions, ACommandIsChecked) {
  auto* box = NewBox();
  BoxliteCommand command{};
  CExecutionHandle* execution = nullptr;
  AbiError no_command;
  EXPECT_EQ(boxlite_box_exec(box, &command, &execution, &no_command.raw), BOXLITE_INTERNAL);
  command.command = "true";
  for (double seconds : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    command.timeout_secs = seconds;
    AbiError error;
    EXPECT_EQ(boxlite_box_exec(box, &command, &execution, &error.raw), BOXLITE_INVALID_ARGUMENT);
    EXPECT_EQ(error.message(), "invalid argument: timeout_seconds must be a non-negative finite number");
  }
  command.timeout_secs = 0;
  command.command = "/no/such/program";
  AbiError missing;
  EXPECT_EQ(boxlite_box_exec(box, &command, &execution, &missing.raw), BOXLITE_EXECUTION);
  EXPECT_NE(missing.message().find("No such file"), std::string::npos) << missing.message();
  EXPECT_EQ(execution, nullptr);
  boxlite_box_free(box);
}

struct Started {
  std::mutex mutex;  // guards everything below
  std::condition_variable changed;
  int calls = 0;
  int code = -1;
  CExecutionHandle* execution = nullptr;
};
void OnStarted(CExecutionHandle* execution, CBoxliteError* error, void* data) {
  auto* started = static_cast<Started*>(data);
  std::lock_guard lock(started->mutex);
  ++started->calls;
  started->code = error->code;
  started->execution = execution;
  started->changed.notify_all();
}

TEST_F(EngineExtensions, APostedExecAnswersOnceWithAHandleOrAnError) {
  auto* box = NewBox();
  for (const char* program : {"/bin/true", "/no/such/program"}) {
    Started started;
    BoxliteCommand command{};
    command.command = program;
    ASSERT_EQ(boxlite_box_exec_posted(box, &command, 0, 0, 0, OnStarted, &started, nullptr), BOXLITE_OK);
    std::unique_lock lock(started.mutex);
    ASSERT_TRUE(started.changed.wait_for(lock, kPatience, [&] { return started.calls > 0; }));
    const bool exists = command.command == std::string("/bin/true");
    EXPECT_EQ(started.code, exists ? BOXLITE_OK : BOXLITE_EXECUTION);
    EXPECT_EQ(started.execution != nullptr, exists);
    boxlite_execution_free(started.execution);
  }
  boxlite_box_free(box);
}

TEST_F(EngineExtensions, APostedExecWithoutStdinFindsItsEndAtOnce) {
  auto* box = NewBox();
  for (int tty : {0, 1}) {
    Started started;
    BoxliteCommand command{};
    command.command = "/bin/cat";
    command.tty = tty;
    ASSERT_EQ(boxlite_box_exec_posted(box, &command, 0, 0, 1, OnStarted, &started, nullptr), BOXLITE_OK);
    {
      std::unique_lock lock(started.mutex);
      ASSERT_TRUE(started.changed.wait_for(lock, kPatience, [&] { return started.calls > 0; }));
    }
    ASSERT_NE(started.execution, nullptr);
    const std::uint8_t byte = 'x';
    EXPECT_EQ(boxlite_execution_stdin_write(started.execution, &byte, 1, nullptr), BOXLITE_INVALID_STATE);
    EXPECT_EQ(boxlite_execution_stdin_close(started.execution, nullptr), BOXLITE_OK);
    Told told;
    ASSERT_EQ(boxlite_execution_wait(started.execution, OnWait, &told, nullptr), BOXLITE_OK);
    ASSERT_TRUE(DrainUntilTold(told));
    EXPECT_EQ(told.exit_code, 0);
    boxlite_execution_free(started.execution);
  }
  boxlite_box_free(box);
}

TEST(EngineFreePosted, PostedExecsThatAreNotStartedYetFailWithStopped) {
  CBoxliteRuntime* runtime = nullptr;
  ASSERT_EQ(boxlite_runtime_new("", nullptr, 0, &runtime, nullptr), BOXLITE_OK);
  CBoxliteOptions* options = nullptr;
  boxlite_options_new("", &options, nullptr);
  Told told;
  boxlite_create_box(runtime, options, OnBox, &told, nullptr);
  while (told.calls == 0) boxlite_runtime_drain(runtime, 20, nullptr);
  std::vector<std::unique_ptr<Started>> all;
  BoxliteCommand command{};
  command.command = "/bin/true";
  for (int i = 0; i < 50; ++i) {
    all.push_back(std::make_unique<Started>());
    ASSERT_EQ(boxlite_box_exec_posted(told.box, &command, 0, 0, 0, OnStarted, all.back().get(), nullptr),
              BOXLITE_OK);
  }
  boxlite_runtime_free(runtime);
  for (const auto& started : all) {
    EXPECT_EQ(started->calls, 1);
    EXPECT_TRUE(started->code == BOXLITE_OK || started->code == BOXLITE_STOPPED) << started->code;
    boxlite_execution_free(started->execution);
  }
  Started late;
  EXPECT_EQ(boxlite_box_exec_posted(told.box, &command, 0, 0, 0, OnStarted, &late, nullptr), BOXLITE_STOPPED);
  EXPECT_EQ(late.calls, 0);
  boxlite_box_free(told.box);
}

TEST_F(EngineDrain, WithoutTimeDispatchesWhatIsThereAndReturns) {
  Told told;
  EXPECT_EQ(boxlite_runtime_drain(runtime_, 0, nullptr), 0);
  boxlite_create_box(runtime_, NewOptions(), OnBox, &told, nullptr);
  EXPECT_EQ(told.calls, 0) << "a callback ran inside the posting call";
  EXPECT_EQ(boxlite_runtime_drain(runtime_, 0, nullptr), 1);
  EXPECT_EQ(told.calls, 1);
  boxlite_box_free(told.box);
}

TEST_F(EngineDrain, MayBeCalledInACallback) {
  struct Nested {
    CBoxliteRuntime* runtime;
    Told inner;
  } nested{runtime_, {}};
  auto* box = NewBox();
  auto outer = [](CBoxliteError*, void* data) {
    auto* self = static_cast<Nested*>(data);
    boxlite_runtime_drain(self->runtime, 0, nullptr);
  };
  boxlite_start_box(box, outer, &nested, nullptr);
  boxlite_start_box(box, OnDone, &nested.inner, nullptr);
  EXPECT_TRUE(DrainUntilTold(nested.inner));
  boxlite_box_free(box);
}

TEST_F(EngineShutdown, ClosesAtOnceAndStillTellsOfBoxes) {
  auto* box = NewBox("one");
  AbiStory story;
  auto* execution = Exec(box, "exec sleep 60");
  Follow(execution, story);
  Told first;
  EXPECT_EQ(boxlite_runtime_shutdown(runtime_, 5, OnDone, &first, nullptr), BOXLITE_OK);
  AbiError error;
  EXPECT_EQ(Exec(box, "true", &error.raw), nullptr);
  EXPECT_EQ(error.raw.code, BOXLITE_STOPPED);
  EXPECT_EQ(Create(NewOptions()).code, BOXLITE_STOPPED);
  CBoxliteImageHandle* images = nullptr;
  EXPECT_EQ(boxlite_runtime_images(runtime_, &images, nullptr), BOXLITE_STOPPED);
  ASSERT_TRUE(DrainUntilTold(first));
  EXPECT_EQ(first.code, BOXLITE_OK);
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  Told second;
  boxlite_runtime_shutdown(runtime_, 5, OnDone, &second, nullptr);
  ASSERT_TRUE(DrainUntilTold(second));
  Told known;
  boxlite_get(runtime_, "one", OnBox, &known, nullptr);
  ASSERT_TRUE(DrainUntilTold(known));
  EXPECT_EQ(known.code, BOXLITE_OK);
  boxlite_box_free(known.box);
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST(EngineFree, HandlesOutliveTheirRuntime) {
  CBoxliteRuntime* runtime = nullptr;
  ASSERT_EQ(boxlite_runtime_new("", nullptr, 0, &runtime, nullptr), BOXLITE_OK);
  CBoxliteImageHandle* images = nullptr;
  CBoxliteVolumeHandle* volumes = nullptr;
  EXPECT_EQ(boxlite_runtime_images(runtime, &images, nullptr), BOXLITE_OK);
  EXPECT_EQ(boxlite_runtime_volumes(runtime, &volumes, nullptr), BOXLITE_OK);
  boxlite_runtime_free(runtime);
  auto never = [](CImageInfoList*, CBoxliteError*, void*) { FAIL(); };
  EXPECT_EQ(boxlite_image_list(images, never, nullptr, nullptr), BOXLITE_STOPPED);
  boxlite_image_free(images);
  boxlite_volume_free(volumes);
}

}  // namespace
}  // namespace boxlite::test
