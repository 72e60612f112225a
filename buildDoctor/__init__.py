"""A doctor for compiled CUDA extensions: where the kernel was lost, and which change brings it back.

This package imports nothing by itself, so that `build-doctor --version` stays as quick as Python.
"""

__version__ = "0.1.0"
