/* Writes a known stream to both outputs, in pieces that alternate, then ends or lingers until it is killed.
   counted SEED OUT_BYTES ERR_BYTES PIECE EXIT_CODE LINGER */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { LARGEST_PIECE = 1 << 18 };

/* pattern.ts has the same. */
static uint32_t word_at(uint32_t seed, uint32_t index) {
  uint32_t x = (index + seed) * 2654435761u;
  x ^= x >> 15;
  x *= 2246822519u;
  return x ^ (x >> 13);
}

static void fill(unsigned char *to, uint32_t seed, uint64_t offset, size_t size) {
  for (size_t i = 0; i < size; ++i, ++offset) {
    to[i] = (unsigned char)(word_at(seed, (uint32_t)(offset / 4)) >> (8 * (offset % 4)));
  }
}

static void write_all(int fd, const unsigned char *from, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, from, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(111);
    from += written;
    size -= (size_t)written;
  }
}

int main(int argc, char **argv) {
  static unsigned char piece[LARGEST_PIECE];
  if (argc != 7) return 110;
  uint32_t seed = (uint32_t)strtoul(argv[1], NULL, 10);
  uint64_t total[2] = {strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10)};
  uint64_t done[2] = {0, 0};
  size_t size = strtoul(argv[4], NULL, 10);
  if (size == 0 || size > LARGEST_PIECE) return 110;
  while (done[0] < total[0] || done[1] < total[1]) {
    for (int i = 0; i < 2; ++i) {
      uint64_t left = total[i] - done[i];
      size_t now = left < size ? (size_t)left : size;
      fill(piece, seed + (uint32_t)i, done[i], now);
      write_all(i + 1, piece, now);
      done[i] += now;
    }
  }
  if (atoi(argv[6]) != 0) {
    for (;;) pause();
  }
  return atoi(argv[5]);
}
