"""What a rule is, how its file is read, and how a new one is written."""
