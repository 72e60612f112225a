// No kernel: the compiler still writes a fatbin for each architecture.
int answer() { return 42; }
