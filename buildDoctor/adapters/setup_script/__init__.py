"""Projects that build their extensions in setup.py: the script is followed on its syntax tree, and not run."""
