/* Ends at once, without a C library: what is left of an execution is its own cost. A library's start asks the
 * processor what it can do, and in a virtual machine each of these questions leaves the guest: 250 us in all. */
#if defined(__x86_64__)
void _start(void) { __asm__ volatile("xor %edi, %edi\n\tmov $231, %eax\n\tsyscall"); }
#elif defined(__aarch64__)
void _start(void) { __asm__ volatile("mov x0, #0\n\tmov x8, #94\n\tsvc #0"); }
#else
#error "write here how a process ends on this processor"
#endif
