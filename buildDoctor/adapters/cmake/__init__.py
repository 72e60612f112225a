"""What a CMake project would build, asked of CMake itself without configuring anything."""
