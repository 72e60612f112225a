"""One executed command of a build script, and the small questions asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, parse

_VERSION_LIKE = re.compile(r"\d{1,2}\.\d[af]?(\+PTX)?", re.ASCII)
_GENCODE = re.compile(r"arch=compute_(\w+),code=\[?([\w,]+)\]?")
_LONGEST_CALL = 5_000


class TraceRecord(Struct, frozen=True, gc=False, rename={"command": "cmd", "arguments": "args"}):
    """A command with its arguments expanded, under the names that CMake's `--trace-format=json-v1` writes.

    It holds nothing that could hold it in turn, so the collector need not look at thousands of them.
    """

    command: str
    """The command's name in lower case: CMake does not tell cases apart."""
    arguments: tuple[str, ...]
    """Quoted arguments are one element each, with `;` between the elements of a list."""
    file: str
    """The script, relative to the source tree where it lies inside it."""
    line: int
    """The line where the command begins, from 1."""
    frame: int
    """The depth of the call stack, from 1."""

    @property
    def text(self) -> str:
        """The command as one would write it."""
        return f"{self.command}({' '.join(self.arguments)})"


def elements(text: str) -> tuple[str, ...]:
    """The elements of a CMake list; empty ones are dropped, as `foreach` does."""
    if ";" not in text:
        return (text,) if text else ()
    return tuple(filter(None, text.split(";")))


def flat(arguments: Iterable[str]) -> tuple[str, ...]:
    """The elements of several arguments in a row."""
    return elements(";".join(arguments))


def are_architectures(items: Iterable[str]) -> bool:
    """Whether every element is an architecture in dotted form; true for none."""
    return all(map(_VERSION_LIKE.fullmatch, items))


def functions_of(records: Iterable[TraceRecord]) -> dict[str, tuple[str, ...]]:
    """The functions that the scripts define: names in lower case, and the names of their parameters."""
    return {r.arguments[0].lower(): r.arguments[1:] for r in records if r.command == "function" and r.arguments}


def within_call(records: tuple[TraceRecord, ...], index: int) -> Iterator[TraceRecord]:
    """The records of what the call at an index runs, up to a bound."""
    frame = records[index].frame
    for at in range(index + 1, min(index + 1 + _LONGEST_CALL, len(records))):
        if records[at].frame <= frame:
            return
        yield records[at]


def gencode_architectures(flags: str) -> tuple[str, ...]:
    """The architectures of `-gencode` flags: `12.0a`, `9.0+PTX`, and `compute_90` for PTX without a cubin."""
    found: list[str] = []
    for virtual, codes in _GENCODE.findall(flags):
        for code in codes.split(","):
            _add_code(found, virtual, code)
    return tuple(found)


def _add_code(found: list[str], virtual: str, code: str) -> None:
    """Add one `code=` value; PTX joins the cubin of the same architecture when there is one."""
    try:
        target = parse(code)
    except ArchitectureError:
        found.append(code)
        return
    if not target.ptx:
        found.append(target.dotted)
        return
    cubin = target.dotted.removesuffix("+PTX")
    if cubin in found:
        found[found.index(cubin)] = target.dotted
    else:
        found.append(f"compute_{virtual}")
