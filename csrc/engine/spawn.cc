#include "engine/spawn.h"

#include <dlfcn.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

#include "engine/stdio_slots.h"

namespace boxlite::engine {

namespace {

constexpr std::size_t kStackBytes = 64 * 1024;

// While this thread yields to its callers.
thread_local std::optional<int> usual_policy;

enum class Step { kSession, kTerminal, kDescriptors, kWorkdir, kIdentity, kExec };

/// Shared with the child, which runs in this process's memory until it has loaded its program.
struct Launch {
  const SpawnPlan* plan;
  char* const* argv;
  char* const* envp;
  pid_t parent;
  int stdio[3];
  unsigned last_kept;  // the highest of the child's descriptors that it needs until it has its own table
  bool shares_table;
  std::optional<int> policy;  // the scheduler's, that the child is to have
  Step step = Step::kSession;
  int error = 0;
};

// The kernel's own record, all zero: the default action, no flags.
struct KernelSigaction {
  void* handler;
  unsigned long flags;
  void* restorer;
  unsigned long mask;
};

#define BOXLITE_CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

BOXLITE_CHILD bool Failed(Launch* launch, Step step, long result) {
  if (result >= 0) return false;
  launch->step = step;
  launch->error = errno;
  return true;
}

// Handlers of this process must not run in the child, and what it ignores must not be ignored there.
BOXLITE_CHILD void ResetSignals() {
  KernelSigaction action = {nullptr, 0, nullptr, 0};
  for (int signal = 1; signal <= 64; ++signal) syscall(SYS_rt_sigaction, signal, &action, nullptr, 8);
  unsigned long none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, 8);
}

// System calls only, and raw ones: the wrappers of glibc speak to the threads of the parent.
BOXLITE_CHILD int Child(void* argument) {
  auto* launch = static_cast<Launch*>(argument);
  const SpawnPlan& plan = *launch->plan;
  // Before all that changes a descriptor.
  if (launch->shares_table &&
      Failed(launch, Step::kDescriptors,
             syscall(SYS_close_range, launch->last_kept + 1, ~0U, CLOSE_RANGE_UNSHARE)))
    return 127;
  if (Failed(launch, Step::kSession, syscall(SYS_setsid))) return 127;
  if (plan.dies_with_parent) {
    syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (syscall(SYS_getppid) != launch->parent) return 127;
  }
  if (plan.tty && Failed(launch, Step::kTerminal, syscall(SYS_ioctl, launch->stdio[0], TIOCSCTTY, 0)))
    return 127;
  for (int fd = 0; fd < 3; ++fd) {
    if (Failed(launch, Step::kDescriptors, syscall(SYS_dup3, launch->stdio[fd], fd, 0))) return 127;
  }
  syscall(SYS_close_range, 3, ~0U, 0);
  if (const auto& who = plan.identity) {
    if (Failed(launch, Step::kIdentity, syscall(SYS_setgroups, who->groups.size(), who->groups.data())))
      return 127;
    if (Failed(launch, Step::kIdentity, syscall(SYS_setresgid, who->gid, who->gid, who->gid))) return 127;
    if (Failed(launch, Step::kIdentity, syscall(SYS_setresuid, who->uid, who->uid, who->uid))) return 127;
    // A change of identity clears it.
    if (plan.dies_with_parent) syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  }
  if (Failed(launch, Step::kWorkdir, syscall(SYS_chdir, plan.workdir.c_str()))) return 127;
  syscall(SYS_umask, 022);
  if (launch->policy) {
    const sched_param none{};
    syscall(SYS_sched_setscheduler, 0, *launch->policy, &none);
  }
  ResetSignals();
  Failed(launch, Step::kExec, syscall(SYS_execve, plan.path.c_str(), launch->argv, launch->envp));
  return 127;
}

/// A stack for the child, with a page below it that faults.
class Stack {
 public:
  Stack() {
    base_ =
        mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (base_ != MAP_FAILED) mprotect(base_, 4096, PROT_NONE);
  }
  ~Stack() {
    if (base_ != MAP_FAILED) munmap(base_, kStackBytes);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  void* top() const { return base_ == MAP_FAILED ? nullptr : static_cast<char*>(base_) + kStackBytes; }

 private:
  void* base_;
};

/// Blocks every signal of this thread for as long as it lives.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const auto& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Failure Describe(const SpawnPlan& plan, Step step, int error) {
  const std::string why = std::strerror(error);
  switch (step) {
    case Step::kWorkdir:
      return {BOXLITE_EXECUTION, "cannot use the working directory \"" + plan.workdir + "\": " + why};
    case Step::kExec: return {BOXLITE_EXECUTION, "cannot run \"" + plan.path + "\": " + why};
    case Step::kIdentity: return {BOXLITE_EXECUTION, "cannot become the user: " + why};
    case Step::kTerminal: return {BOXLITE_EXECUTION, "cannot set up the terminal: " + why};
    default: return {BOXLITE_EXECUTION, "cannot set up the process: " + why};
  }
}

#ifdef __SANITIZE_THREAD__
/// ThreadSanitizer takes every clone for a fork and stops watching locks in the child, which shares its
/// memory here: the parent's locks were no longer seen either. The C library's own function is not watched.
auto* const RealClone = reinterpret_cast<decltype(&clone)>(dlsym(dlopen("libc.so.6", RTLD_LAZY), "clone"));
#else
constexpr auto* RealClone = &clone;
#endif

Launch Prepare(const SpawnPlan& plan, char* const* argv, char* const* envp, StdioSlots& slots) {
  Launch launch{&plan, argv, envp, getpid(), {}, 0, slots.Fill(plan.stdio), usual_policy};
  const auto& lent = slots.fds();
  for (int i = 0; i < 3; ++i) launch.stdio[i] = launch.shares_table ? lent[i] : plan.stdio[i];
  launch.last_kept = static_cast<unsigned>(slots.highest());
  return launch;
}

}  // namespace

void YieldToCallers(bool yields) {
  if (yields == usual_policy.has_value()) return;
  const sched_param none{};
  if (!yields) {
    if (sched_setscheduler(0, *usual_policy, &none) == 0) usual_policy.reset();
  } else if (sched_getscheduler(0) == SCHED_OTHER && sched_setscheduler(0, SCHED_BATCH, &none) == 0) {
    usual_policy = SCHED_OTHER;
  }
}

Spawned Spawn(const SpawnPlan& plan, Failure& failure) {
  auto argv = Pointers(plan.argv);
  auto envp = Pointers(plan.environment);
  // Kept by the thread: mapping a stack for each start would cost as much as the start.
  thread_local Stack stack;
  thread_local StdioSlots slots;
  Launch launch = Prepare(plan, argv.data(), envp.data(), slots);
  int pidfd = -1;
  pid_t pid = -1;
  {
    SignalsBlocked blocked;
    // No exit signal: the host neither hears of our children nor reaps them with a wait for any child.
    const int table = launch.shares_table ? CLONE_FILES : 0;
    pid = RealClone(Child, stack.top(), CLONE_VM | CLONE_VFORK | CLONE_PIDFD | table, &launch, &pidfd);
  }
  if (launch.shares_table) slots.Empty();
  if (pid < 0) {
    failure = {BOXLITE_RESOURCE_EXHAUSTED, std::string("cannot start a process: ") + std::strerror(errno)};
    return {};
  }
  Spawned spawned{pid, UniqueFd(pidfd)};
  if (launch.error == 0) return spawned;
  siginfo_t info{};
  waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(pidfd), &info, WEXITED | __WALL);
  failure = Describe(plan, launch.step, launch.error);
  return {};
}

}  // namespace boxlite::engine
