"""What changed between two builds, two plans, or two commits."""
