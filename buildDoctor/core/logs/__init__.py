"""From the bytes of a log to the lines that matter."""
