"""Build folders as CMake and torch's build helper leave them: read, never run."""
