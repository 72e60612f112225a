"""Which file the system's loader would take for each needed library. Nothing is loaded to find out."""
