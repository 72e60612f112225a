"""What a project requires of its own binaries."""
