/* drain-writer PATTERN EXECUTION LINES EXIT_CODE: writes the stream that lib/bench/written-stream.ts describes to
 * both pipes and exits at once. The same as the script in lib/bench/drain-writer.ts, only faster. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 64, BLOCK_LINES = 64 };

static long check[3];

static void put_line(char *to, int stream, long execution, long n) {
  char line[LINE + 1];
  check[stream] = (check[stream] * 31 + n) % 65521;
  snprintf(line, sizeof line, "%c %ld %ld %ld abcdefghijklmnopqrstuvwxyz0123456789AB\n", stream == 1 ? 'o' : 'e',
           1000000 + execution, 1000000 + n, 100000 + check[stream]);
  memcpy(to, line, LINE);
}

static void write_all(int fd, const char *data, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, data, size);
    if (written <= 0) _exit(255);
    data += written;
    size -= (size_t)written;
  }
}

/* Lines `first` to `last` to both pipes, in one write each. */
static void put_block(char *block, long execution, long first, long last) {
  for (int stream = 1; stream <= 2; ++stream) {
    for (long n = first; n <= last; ++n) put_line(block + (n - first) * LINE, stream, execution, n);
    write_all(stream, block, (size_t)(last - first + 1) * LINE);
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 254;
  const char *pattern = argv[1];
  const long execution = atol(argv[2]), lines = atol(argv[3]);
  const long per_write = strcmp(pattern, "trickle") == 0 ? 1 : strcmp(pattern, "burst") == 0 ? BLOCK_LINES : lines;
  const struct timespec pause = {0, 1000000};
  char *block = malloc((size_t)(per_write > 0 ? per_write : 1) * LINE);
  if (block == NULL) return 253;
  for (int stream = 1; stream <= 2; ++stream) check[stream] = (execution * 2 + stream - 1) % 65521;
  for (long first = 1; first <= lines; first += per_write) {
    const long last = first + per_write - 1 < lines ? first + per_write - 1 : lines;
    put_block(block, execution, first, last);
    /* Long enough for a reader to fall asleep; never after the last line. */
    if (per_write == 1 && last % 16 == 0 && last < lines) nanosleep(&pause, NULL);
  }
  _exit(atoi(argv[4]));
}
