"""Names of C++ as people write them: what `__cxa_demangle` of libstdc++ makes of mangled names.

The function is bounded in nothing: a name of 238 bytes can stand for 16 million, one of 400 for more than any memory
holds, and it can be stopped only with its process. So another Python calls it, with a limit on its time and memory. The
library that is loaded there is the one of this machine, never a file that is examined.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from buildDoctor.adapters.commands import Failed, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from buildDoctor.core.evidence import Binary, Kernel

LONGEST_NAME = 1 << 16
"""Longer names, in bytes, stay as they are."""
LONGEST_ANSWER = 1 << 20
"""So do those that stand for more."""
MOST_NAMES = 100_000
TOGETHER, SINGLY = "together", "singly"
"""How answers are written. Each at once takes two thirds longer, but then it is known which name ended the process."""
TRIES = (TOGETHER, SINGLY, SINGLY)
"""A name that ends the process is left out and the others are tried again, so many times."""
WORK_SECONDS = 0.4
"""So long the processor may work for one try; a busy machine takes longer for it."""
WAIT_SECONDS = 5.0
MEMORY_BYTES = 1 << 29

SCRIPT = f"""
import ctypes, signal, sys
demangle, free = ctypes.CDLL("libstdc++.so.6").__cxa_demangle, ctypes.CDLL(None).free
demangle.argtypes, demangle.restype = [ctypes.c_char_p] + 3 * [ctypes.c_void_p], ctypes.c_void_p
free.argtypes, free.restype = [ctypes.c_void_p], None
signal.setitimer(signal.ITIMER_PROF, {WORK_SECONDS})
answers = sys.stdout.buffer
for name in sys.stdin.buffer.read().split(b"\\n"):
    answer = demangle(name, None, None, None)
    text = ctypes.string_at(answer) if answer else name
    free(answer)
    answers.write((text if len(text) <= {LONGEST_ANSWER} else name) + b"\\n")
    if "{SINGLY}" in sys.argv:
        answers.flush()
"""


def demangled(names: Iterable[str]) -> dict[str, str]:
    """The C++ text of each name. A name that is not mangled, or that cannot be demangled here, is its own text."""
    wanted = list(dict.fromkeys(names))
    texts = {name: name for name in wanted}
    rest = [name for name in wanted if name.startswith("_Z") and name.isascii() and name.isprintable()][:MOST_NAMES]
    rest = [name for name in rest if len(name) <= LONGEST_NAME]
    for how in TRIES:
        if not rest:
            break
        answers = _ask(rest, how)
        texts |= zip(rest, answers, strict=False)
        # The name after the last answer ended the process, if it is the last.
        rest = rest[len(answers) + (how == SINGLY) :]
    return texts


def with_texts(binary: Binary) -> Binary:
    """A binary whose kernels say what they are called in C++."""
    sections = binary.other_sections or ()
    lists = [binary.kernels or (), *(section.kernels or () for section in sections)]
    texts = demangled(kernel.name or "" for kernels in lists for kernel in kernels)

    def named(kernels: tuple[Kernel, ...] | None) -> tuple[Kernel, ...] | None:
        return kernels and tuple(replace(kernel, demangled=texts.get(kernel.name or "")) for kernel in kernels)

    return replace(
        binary,
        kernels=named(binary.kernels),
        other_sections=tuple(replace(section, kernels=named(section.kernels)) for section in sections),
    )


def _ask(names: list[str], how: str) -> list[str]:
    """The texts of the first names; fewer than names when one of them took too long or too much."""
    ended = run(
        [sys.executable, "-I", "-S", "-c", SCRIPT, how],
        folder=Path("/"),
        seconds=WAIT_SECONDS,
        memory_bytes=MEMORY_BYTES,
        given="\n".join(names).encode(),
        output_bytes=1 << 28,
    )
    # The last line is complete only if its end is there.
    return [] if isinstance(ended, Failed) else ended.output.split("\n")[:-1][: len(names)]
