"""The ways of showing a report: text, JSON and the terminal UI."""
