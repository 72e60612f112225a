"""The packages of an environment and what was compiled in it, from files: nothing is imported."""
