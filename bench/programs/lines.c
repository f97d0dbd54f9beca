/* lines COUNT PER_WRITE: writes that many lines of 32 bytes, PER_WRITE of them in one write. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 32, MOST_PER_WRITE = 2048 };

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  static char block[LINE * MOST_PER_WRITE];
  const long per_write = atol(argv[2]);
  if (per_write < 1 || per_write > MOST_PER_WRITE) return 2;
  memset(block, 'l', sizeof block);
  for (int i = 1; i <= MOST_PER_WRITE; ++i) block[i * LINE - 1] = '\n';
  for (long left = atol(argv[1]); left > 0; left -= per_write) {
    long now = left < per_write ? left : per_write;
    for (long sent = 0; sent < now * LINE;) {
      ssize_t written = write(1, block + sent, (size_t)(now * LINE - sent));
      if (written < 0) return 1;
      sent += written;
    }
  }
  return 0;
}
