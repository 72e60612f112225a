"""What the names of kernels say beyond their own words."""

from __future__ import annotations

import re

OWN_FILE = re.compile(r"_(?:_GLOBAL__N_|GLOBAL__N_|INTERNAL)_[0-9a-f]{8}_(\d{1,4})_")
"""How nvcc names what belongs to one file alone: a hash, then the length of the file's name, the name, another hash."""


def source_file(mangled: str) -> str:
    """The name of the file that a kernel is written in, such as `activation.cu`; empty when its name does not say it.

    nvcc puts it into the names of static kernels and of those in an anonymous namespace, with each character that an
    identifier cannot have replaced by `_`. The last of these is taken for the dot before the extension.
    """
    found = OWN_FILE.search(mangled)
    if found is None:
        return ""
    written = mangled[found.end() : found.end() + int(found[1])]
    stem, _, extension = written.rpartition("_")
    return f"{stem}.{extension}" if stem and len(written) == int(found[1]) else written
