"""What runs inside the child process of `--run-setup`; it uses the standard library alone."""
