/* lines COUNT: writes that many lines of 32 bytes, 128 of them in one write. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 32, PER_WRITE = 128 };

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  static char block[LINE * PER_WRITE];
  memset(block, 'l', sizeof block);
  for (int i = 1; i <= PER_WRITE; ++i) block[i * LINE - 1] = '\n';
  for (long left = atol(argv[1]); left > 0; left -= PER_WRITE) {
    long now = left < PER_WRITE ? left : PER_WRITE;
    for (long sent = 0; sent < now * LINE;) {
      ssize_t written = write(1, block + sent, (size_t)(now * LINE - sent));
      if (written < 0) return 1;
      sent += written;
    }
  }
  return 0;
}
