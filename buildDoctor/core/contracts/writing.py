"""The contract that files fulfil: one requirement for each function and each way in which it serves GPUs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from buildDoctor.core.comparing.file_pairs import stem
from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.matrix import kernel_matrix
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Binary
from buildDoctor.core.fingerprints import place_of
from buildDoctor.core.language import glob_matcher
from buildDoctor.core.rules.toml_writing import toml_text, toml_value
from buildDoctor.core.symbols import qualified_name

_LONGEST = 160
"""Of a pattern; a longer name is cut."""
_MODES = (Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT)
_HEAD = """\
# What {targets} holds, written by build-doctor check --init.
# kernel: a pattern for mangled names. capability: the GPUs that must be served. mode: native (machine code), family
# (also of the GPU's family), jit (also PTX). at_least: how many of the kernels. Take out what you do not promise.
"""


def contract_text(targets: Iterable[str], binaries: Iterable[Binary], capabilities: Sequence[str]) -> str:
    """The requirements that binaries fulfil, as TOML; empty when they hold no kernel.

    Args:
        targets: what they are called.
        binaries: files whose kernels were all read.
        capabilities: those to look at.
    """
    tables = [table for binary in binaries for table in _tables(binary, tuple(capabilities))]
    names = ", ".join(target.rpartition("/")[2] for target in targets)
    head = _HEAD.format(targets="".join(c if c.isprintable() else "?" for c in names))
    return "\n".join([head, *tables]) if tables else ""


def _tables(binary: Binary, capabilities: tuple[str, ...]) -> Iterator[str]:
    rows = [(row.name, row.verdicts) for row in kernel_matrix(binary, capabilities)]
    file = _file_pattern(place_of(binary.path or ""))
    patterns = {_pattern(name): qualified_name(name) for name, _verdicts in sorted(rows)}
    for pattern, function in patterns.items():
        fits = glob_matcher(pattern)
        served = [verdicts for name, verdicts in rows if fits(name)]
        for (mode, count), found in _ways(served, capabilities).items():
            yield _table(pattern, function, file, found, mode, count)


def _file_pattern(place: str) -> str:
    """A pattern that fits the same file for another Python too."""
    root = stem(place)
    return f"{_literal(root)}.*" if root != place else _literal(place)


def _ways(served: Sequence[tuple[Verdict, ...]], capabilities: tuple[str, ...]) -> dict[tuple[Verdict, int], list[str]]:
    """For each way in which some kernels serve GPUs, and for how many of them, the capabilities.

    A capability is required in the way in which most of the kernels serve it.
    """
    ways: dict[tuple[Verdict, int], list[str]] = {}
    for at, capability in enumerate(capabilities):
        counts = {mode: sum(BEST_FIRST.index(one[at]) <= BEST_FIRST.index(mode) for one in served) for mode in _MODES}
        most = max(counts.values())
        # Of ways that count the same kernels, the best; and beside it a better one that fewer have.
        for count in sorted({count for count in counts.values() if 0 < count <= most}):
            best = next(mode for mode in _MODES if counts[mode] == count)
            ways.setdefault((best, count), []).append(capability)
    return dict(sorted(ways.items(), key=lambda way: (_MODES.index(way[0][0]), way[1])))


def _table(pattern: str, function: str, file: str, capabilities: list[str], mode: Verdict, count: int) -> str:
    lines = [
        f"# {''.join(c if c.isprintable() else '?' for c in function)}",
        "[[require]]",
        f"kernel = {toml_text(pattern)}",
        f"file = {toml_text(file)}",
        f"capability = {toml_value(capabilities)}",
        f'mode = "{mode.value}"',
        f"at_least = {count}",
    ]
    return "\n".join(lines) + "\n"


def _pattern(mangled: str) -> str:
    """A pattern for all kernels of a kernel's function: its identifier, with the length that mangling puts before it."""
    function = qualified_name(mangled)
    if function == mangled:
        return _literal(mangled) if len(mangled) <= _LONGEST else f"{_literal(mangled[:_LONGEST])}*"
    name = function.removesuffix("<…>").rpartition("::")[2]
    return f"*{len(name)}{_literal(name)}*" if len(name) <= _LONGEST else f"*{_literal(name[:_LONGEST])}*"


def _literal(text: str) -> str:
    """A text with the characters that a pattern would obey set apart."""
    return "".join(f"[{character}]" if character in "[?*" else character for character in text)
