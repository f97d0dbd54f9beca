// What the embedded engine leaves behind: nothing. No zombie, no descriptor, no process, nothing inherited.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "engine_fixture.h"

namespace boxlite::test {
namespace {

using EngineProcess = EngineTest;

std::size_t OpenDescriptors() {
  std::size_t count = 0;
  std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  while (folder && readdir(folder.get()) != nullptr) ++count;
  return count;
}

/// Whether this process has any child, dead or alive; those of the engine give no exit signal, hence __WALL.
bool HasChildren() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
}

/// Whether a process runs; one that is dead and waits for whoever adopted it does not.
bool Runs(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat[name_end + 2] != 'Z' && stat[name_end + 2] != 'X';
}

TEST_F(EngineProcess, LeavesNoZombieAndNoDescriptor) {
  auto* box = NewBox();
  Run(box, "true");
  const auto before = OpenDescriptors();
  for (int i = 0; i < 100; ++i) Run(box, "echo a; echo b >&2");
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_FALSE(HasChildren());
  boxlite_box_free(box);
}

TEST_F(EngineProcess, AFailedStartLeavesNothingEither) {
  auto* box = NewBox();
  Run(box, "true");
  const auto before = OpenDescriptors();
  BoxliteCommand command{};
  command.command = "/proc/self/environ";  // there, and no program
  for (int i = 0; i < 50; ++i) {
    CExecutionHandle* execution = nullptr;
    EXPECT_EQ(boxlite_box_exec(box, &command, &execution, nullptr), BOXLITE_EXECUTION);
  }
  command.command = "/bin/true";
  command.workdir = "/no/such/folder";
  for (int i = 0; i < 50; ++i) {
    CExecutionHandle* execution = nullptr;
    EXPECT_EQ(boxlite_box_exec(box, &command, &execution, nullptr), BOXLITE_EXECUTION);
  }
  EXPECT_EQ(OpenDescriptors(), before);
  EXPECT_FALSE(HasChildren());
  boxlite_box_free(box);
}

TEST_F(EngineProcess, InheritsNoDescriptorNoVariableAndNoIgnoredSignal) {
  int leaky[2];
  ASSERT_EQ(pipe(leaky), 0);  // without O_CLOEXEC, as careless code has them
  ASSERT_EQ(setenv("BOXLITE_TEST_SECRET", "hidden", 1), 0);
  auto before = signal(SIGPIPE, SIG_IGN);
  auto* box = NewBox();
  const auto story = Run(box, "ls /proc/self/fd | tr '\\n' ' '; env; grep SigIgn /proc/self/status");
  signal(SIGPIPE, before);
  unsetenv("BOXLITE_TEST_SECRET");
  close(leaky[0]);
  close(leaky[1]);
  ASSERT_FALSE(story.events.empty());
  const std::string& output = story.events[0];
  EXPECT_TRUE(output.starts_with("out:0 1 2 3 ")) << output;  // 3 is the folder that ls itself has open
  EXPECT_EQ(output.find("hidden"), std::string::npos);
  EXPECT_NE(output.find("SigIgn:\t0000000000000000"), std::string::npos) << output;
  boxlite_box_free(box);
}

TEST_F(EngineProcess, AStopEndsTheGroupAndWhoLeftIt) {
  auto* box = NewBox();
  AbiStory story;
  auto* execution = Exec(box, "setsid sleep 300 & echo $!; trap '' TERM; sleep 300 & wait; sleep 300");
  Follow(execution, story);
  ASSERT_TRUE(DrainUntil([&story] { return !story.events.empty() && story.events[0].ends_with("\n"); }));
  const pid_t escaped = std::stoi(story.events[0].substr(4));
  ASSERT_TRUE(Runs(escaped));
  char* id = boxlite_box_id(box);
  EXPECT_EQ(Remove(id, 1).code, BOXLITE_OK);
  boxlite_free_string(id);
  EXPECT_TRUE(DrainUntil([&] { return story.exits > 0 && !Runs(escaped); }));
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST_F(EngineProcess, AKillReachesTheWholeGroup) {
  auto* box = NewBox();
  AbiStory story;
  auto* execution = Exec(box, "sleep 300 & echo $!; wait");
  Follow(execution, story);
  ASSERT_TRUE(DrainUntil([&story] { return !story.events.empty() && story.events[0].ends_with("\n"); }));
  const pid_t child = std::stoi(story.events[0].substr(4));
  Told killed;
  boxlite_execution_kill(execution, OnDone, &killed, nullptr);
  ASSERT_TRUE(DrainUntilTold(killed));
  ASSERT_TRUE(DrainUntil([&story] { return story.exits > 0; }));
  EXPECT_EQ(story.events.back(), "exit:-9");
  EXPECT_TRUE(DrainUntil([child] { return !Runs(child); }));
  boxlite_execution_free(execution);
  boxlite_box_free(box);
}

TEST(EngineFreeProcess, FreeingARuntimeEndsWhatRunsInIt) {
  CBoxliteRuntime* runtime = nullptr;
  ASSERT_EQ(boxlite_runtime_new("", nullptr, 0, &runtime, nullptr), BOXLITE_OK);
  CBoxliteOptions* options = nullptr;
  ASSERT_EQ(boxlite_options_new("", &options, nullptr), BOXLITE_OK);
  Told told;
  boxlite_create_box(runtime, options, OnBox, &told, nullptr);
  while (told.calls == 0) boxlite_runtime_drain(runtime, 20, nullptr);
  const char* args[] = {"300"};
  BoxliteCommand command{};
  command.command = "sleep";
  command.args = args;
  command.argc = 1;
  CExecutionHandle* execution = nullptr;
  ASSERT_EQ(boxlite_box_exec(told.box, &command, &execution, nullptr), BOXLITE_OK);
  boxlite_runtime_free(runtime);
  EXPECT_FALSE(HasChildren());
  boxlite_execution_free(execution);
  boxlite_box_free(told.box);
}

}  // namespace
}  // namespace boxlite::test
