"""The newest host compilers that a toolkit accepts, from its header crt/host_config.h.

The header ends the compilation with `#if __GNUC__ > 14` for gcc and `(__clang_major__ >= 20)` for clang.
"""

from __future__ import annotations

import re
from pathlib import Path

from buildDoctor.adapters.toolkits.versions import text_of

_GCC = re.compile(r"^\s*#\s*if\s+__GNUC__ > (\d{1,3})\s*$", re.MULTILINE)
_CLANG = re.compile(r"^\s*#\s*if\s+\(__clang_major__ >=\s*(\d{1,3})\)", re.MULTILINE)
_NAMES = ("include/crt/host_config.h", "targets/x86_64-linux/include/crt/host_config.h", "targets/sbsa-linux/include/crt/host_config.h")  # fmt: skip


def newest_compilers(folder: Path) -> tuple[int | None, int | None]:
    """The newest major versions of gcc and of clang; none for what the header does not say."""
    for name in _NAMES:
        text = text_of(folder / name)
        if text is not None:
            gcc, clang = _GCC.search(text), _CLANG.search(text)
            return int(gcc[1]) if gcc else None, int(clang[1]) - 1 if clang else None
    return None, None
