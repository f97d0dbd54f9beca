/* flood BYTES BLOCK: writes that many bytes to stdout, in blocks of that size, as fast as they are taken. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  long left = atol(argv[1]);
  long block = atol(argv[2]);
  char *data = malloc((size_t)block);
  if (data == NULL) return 1;
  memset(data, 'x', (size_t)block);
  while (left > 0) {
    ssize_t written = write(1, data, (size_t)(left < block ? left : block));
    if (written < 0) return 1;
    left -= written;
  }
  return 0;
}
