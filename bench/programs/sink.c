/* sink: reads stdin to its end and prints how many bytes that were. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
  static char buffer[1024 * 1024];
  long bytes = 0;
  for (ssize_t got; (got = read(0, buffer, sizeof buffer)) > 0;) bytes += got;
  printf("%ld\n", bytes);
  return 0;
}
