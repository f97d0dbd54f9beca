/* Ends at once: what is left of an execution is its own cost. Linked statically. */
int main(void) { return 0; }
