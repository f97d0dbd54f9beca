/* What the machine allows: the same work as a peer does, in one thread of C. Prints one JSON object.
 *
 *   limit exec PROGRAM COUNT AT_ONCE   vfork + exec + pidfd + epoll, both streams read to their end
 *   limit read PROGRAM ARGS...         reads stdout to its end through a pipe of 1 MiB
 *   limit write SINK BYTES BLOCK       writes to stdin through a pipe of 1 MiB until SINK has read all
 *   limit terminal PROGRAM ARGS...     reads what it writes to a terminal
 *   limit sleepers PROGRAM COUNT       starts that many, with three pipes each, and ends them
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIPE_SIZE = 1024 * 1024, READ_SIZE = 256 * 1024, MOST_AT_ONCE = 1024 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Starts a program; an fd of -1 is /dev/null for the child. */
static pid_t start(char *const argv[], int in, int out, int err) {
  static int null = -1;
  if (null < 0) null = open("/dev/null", O_RDWR | O_CLOEXEC);
  pid_t pid = vfork();
  if (pid == 0) {
    dup2(in < 0 ? null : in, 0);
    dup2(out < 0 ? null : out, 1);
    dup2(err < 0 ? null : err, 2);
    execv(argv[0], argv);
    _exit(127);
  }
  if (pid < 0) die("vfork");
  return pid;
}

static void expect_end(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) die("child");
}

static void tell(long bytes, double from) {
  printf("{\"bytes\":%ld,\"seconds\":%f}\n", bytes, now() - from);
}

/* ---- exec ---------------------------------------------------------------------------------------------------- */

struct slot {
  pid_t pid;
  int fds[3]; /* stdout, stderr, pidfd */
  int open;
};

static struct slot slots[MOST_AT_ONCE];

static void watch(int epoll, int slot, int which) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (unsigned)(slot * 3 + which)};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, slots[slot].fds[which], &event) < 0) die("epoll_ctl");
}

static void begin(int epoll, int slot, char *program) {
  int out[2], err[2];
  char *argv[] = {program, NULL};
  if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) die("pipe2");
  struct slot *s = &slots[slot];
  s->pid = start(argv, -1, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  s->fds[0] = out[0];
  s->fds[1] = err[0];
  s->fds[2] = (int)syscall(SYS_pidfd_open, s->pid, 0);
  s->open = 3;
  for (int which = 0; which < 3; ++which) watch(epoll, slot, which);
}

static void run_exec(char *program, long count, int at_once) {
  static char buffer[READ_SIZE];
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  long begun = 0, ended = 0;
  const double from = now();
  for (; begun < at_once && begun < count; ++begun) begin(epoll, (int)begun, program);
  while (ended < count) {
    struct epoll_event events[64];
    const int n = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < n; ++i) {
      const int slot = (int)(events[i].data.u32 / 3), which = (int)(events[i].data.u32 % 3);
      struct slot *s = &slots[slot];
      if (which < 2 && read(s->fds[which], buffer, sizeof buffer) > 0) continue;
      /* A child between vfork and exec may hold a copy, which would keep the registration alive. */
      epoll_ctl(epoll, EPOLL_CTL_DEL, s->fds[which], NULL);
      close(s->fds[which]);
      if (--s->open > 0) continue;
      expect_end(s->pid);
      ++ended;
      if (begun < count) {
        begin(epoll, slot, program);
        ++begun;
      }
    }
  }
  printf("{\"perSecond\":%f}\n", (double)count / (now() - from));
}

/* ---- read, write --------------------------------------------------------------------------------------------- */

static void run_read(char *const argv[]) {
  static char buffer[READ_SIZE];
  int out[2];
  long bytes = 0;
  if (pipe2(out, O_CLOEXEC) < 0) die("pipe2");
  fcntl(out[0], F_SETPIPE_SZ, PIPE_SIZE);
  const double from = now();
  const pid_t pid = start(argv, -1, out[1], -1);
  close(out[1]);
  for (ssize_t got; (got = read(out[0], buffer, sizeof buffer)) > 0;) bytes += got;
  expect_end(pid);
  tell(bytes, from);
}

static void run_write(char *sink, long bytes, long block) {
  int in[2];
  char *argv[] = {sink, NULL};
  char *data = calloc(1, (size_t)block);
  if (data == NULL || pipe2(in, O_CLOEXEC) < 0) die("pipe2");
  fcntl(in[1], F_SETPIPE_SZ, PIPE_SIZE);
  const double from = now();
  const pid_t pid = start(argv, in[0], -1, -1);
  close(in[0]);
  for (long left = bytes; left > 0;) {
    const ssize_t written = write(in[1], data, (size_t)(left < block ? left : block));
    if (written <= 0) die("write");
    left -= written;
  }
  close(in[1]);
  expect_end(pid);
  tell(bytes, from);
}

/* ---- terminal ------------------------------------------------------------------------------------------------ */

static void run_terminal(char *const argv[]) {
  static char buffer[READ_SIZE];
  long bytes = 0;
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0) die("posix_openpt");
  const int side = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (side < 0) die("ptsname");
  const double from = now();
  const pid_t pid = start(argv, side, side, side);
  close(side);
  ssize_t got;
  while ((got = read(terminal, buffer, sizeof buffer)) > 0) bytes += got;
  if (got < 0 && errno != EIO) die("read"); /* EIO: nobody has the other side */
  expect_end(pid);
  tell(bytes, from);
}

/* ---- sleepers ------------------------------------------------------------------------------------------------ */

static void run_sleepers(char *program, long count) {
  char *argv[] = {program, NULL};
  pid_t *pids = calloc((size_t)count, sizeof *pids);
  if (pids == NULL) die("calloc");
  const double from = now();
  for (long i = 0; i < count; ++i) {
    int in[2], out[2], err[2];
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) die("pipe2");
    pids[i] = start(argv, in[0], out[1], err[1]);
    close(in[0]);
    close(out[1]);
    close(err[1]);
  }
  const double seconds = now() - from;
  for (long i = 0; i < count; ++i) kill(pids[i], SIGKILL);
  for (long i = 0; i < count; ++i) waitpid(pids[i], NULL, 0);
  printf("{\"startSeconds\":%f}\n", seconds);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (strcmp(what, "exec") == 0 && argc == 5 && atoi(argv[4]) <= MOST_AT_ONCE) {
    run_exec(argv[2], atol(argv[3]), atoi(argv[4]));
  } else if (strcmp(what, "read") == 0 && argc >= 3) {
    run_read(argv + 2);
  } else if (strcmp(what, "write") == 0 && argc == 5) {
    run_write(argv[2], atol(argv[3]), atol(argv[4]));
  } else if (strcmp(what, "terminal") == 0 && argc >= 3) {
    run_terminal(argv + 2);
  } else if (strcmp(what, "sleepers") == 0 && argc == 4) {
    run_sleepers(argv[2], atol(argv[3]));
  } else {
    return 2;
  }
  return 0;
}
