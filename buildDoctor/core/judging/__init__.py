"""What holds, what cannot be told, and why."""
