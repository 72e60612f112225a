"""What a project requires of its own binaries, and whether files give it.

A requirement names kernels by a pattern, capabilities, and what is good enough. It is given for a capability where
enough of these kernels serve it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, Verdict, parse_capability
from buildDoctor.core.device.matrix import kernel_matrix
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Binary, Evidence
from buildDoctor.core.fingerprints import place_of
from buildDoctor.core.language import glob_matcher
from buildDoctor.core.rules.table import Mistake, Table, in_words

REQUIRE_KEYS = ("kernel", "capability", "mode", "file", "at_least")
_MOST_KERNELS = 1_000_000


class Mode(StrEnum):
    """What is good enough for a kernel on a GPU; each takes what stands above it as well."""

    NATIVE = "native"
    """Machine code for the GPU itself, or for an older one of its major version."""
    FAMILY = "family"
    """Machine code for the family of the GPU (`f`)."""
    JIT = "jit"
    """PTX that the driver compiles when it is loaded."""


class State(StrEnum):
    """What is known about a requirement."""

    FULFILLED = "fulfilled"
    """Enough kernels serve the capability."""
    BROKEN = "broken"
    """Too few do."""
    CANNOT_TELL = "cannot-tell"
    """Too few of those that were seen do, and some could not be looked at."""


class Requirement(Struct, frozen=True, kw_only=True):
    """What a project requires."""

    kernel: str
    """A pattern for the names of kernels, as the symbol table has them (mangled)."""
    capabilities: tuple[str, ...]
    """The GPUs that they must serve, such as `12.0`."""
    mode: Mode = Mode.FAMILY
    """What is good enough."""
    file: str = "*"
    """A pattern for the files: their path in the wheel or package, or their name."""
    at_least: int = 1
    """How many of the kernels must serve each capability."""
    place: str = ""
    """File and line of the requirement."""


class Cell(Struct, frozen=True, kw_only=True):
    """What files give for one requirement and one capability."""

    capability: str
    state: State
    serving: int
    """How many kernels serve it well enough."""
    best: Verdict
    """The best that any of the kernels is to it."""


class Answer(Struct, frozen=True, kw_only=True):
    """What files give for one requirement."""

    requirement: Requirement
    kernels: int
    """How many kernels the pattern matches, counted in each translation unit."""
    cells: tuple[Cell, ...]
    """One for each capability of the requirement."""
    searched: tuple[str, ...]
    """The files in which the kernels were looked for."""

    @property
    def kernel(self) -> str:
        """The requirement's pattern."""
        return self.requirement.kernel

    @property
    def file(self) -> str:
        """The requirement's pattern for files."""
        return self.requirement.file

    @property
    def mode(self) -> str:
        """What is good enough."""
        return self.requirement.mode.value

    @property
    def at_least(self) -> int:
        """How many kernels must serve."""
        return self.requirement.at_least

    @property
    def place(self) -> str:
        """File and line of the requirement."""
        return self.requirement.place


class Checked(Struct, frozen=True, kw_only=True):
    """A contract, held against files."""

    file: str
    """The file that holds the contract."""
    requirements: tuple[Answer, ...]

    @property
    def fulfilled(self) -> bool:
        """Whether every requirement is given for every capability; a field of the JSON report."""
        return all(cell.state is State.FULFILLED for answer in self.requirements for cell in answer.cells)


def requirement_of(table: Table, place: str) -> Requirement:
    """The requirement that a table of TOML says; mistakes are noted in the table.

    Args:
        table: the parsed table.
        place: its file and line.
    """
    table.require("kernel", "capability")
    for key in ("kernel", "file"):
        _check_pattern(table, key)
    return Requirement(
        kernel=table.text("kernel"),
        capabilities=_capabilities(table),
        mode=table.choice("mode", Mode) if table.has("mode") else Mode.FAMILY,
        file=table.text("file") or "*",
        at_least=_at_least(table),
        place=place,
    )


def _check_pattern(table: Table, key: str) -> None:
    value = table.text(key)
    if isinstance(table.data.get(key), str) and not value:
        table.wrong(key, 'the pattern is empty; write for example "*fp4*"')
    try:
        glob_matcher(value)
    except ValueError as error:
        table.wrong(key, str(error))


def _capabilities(table: Table) -> tuple[str, ...]:
    value = table.data.get("capability")
    texts = (value,) if isinstance(value, str) else table.texts("capability")
    for at, text in enumerate(texts):
        try:
            parse_capability(text)
        except ArchitectureError as error:
            inside = () if isinstance(value, str) else (at,)
            table.mistakes.append(Mistake((*table.path, "capability", *inside), str(error)))
    if value == []:
        table.wrong("capability", 'the list is empty; write for example ["12.0"]')
    return tuple(dict.fromkeys(texts))


def _at_least(table: Table) -> int:
    value = table.data.get("at_least", 1)
    if isinstance(value, bool) or not isinstance(value, int):
        table.wrong("at_least", f"expected a whole number, found {in_words(value)}")
        return 1
    if not 1 <= value <= _MOST_KERNELS:
        table.wrong("at_least", f"{value} is no number of kernels; write a number from 1 to {_MOST_KERNELS:,}")
    return value


def check(file: str, requirements: Iterable[Requirement], evidence: Evidence) -> Checked:
    """A contract, held against evidence.

    Args:
        file: the file that holds the contract.
        requirements: what it requires.
        evidence: what was seen; its binaries list all their kernels.
    """
    binaries = evidence.binaries or ()
    gaps = _gaps(evidence)
    wanted = tuple(requirements)
    rows = {asked: _rows(binaries, asked) for asked in {one.capabilities for one in wanted}}
    return Checked(
        file=file, requirements=tuple(_answer(one, binaries, rows[one.capabilities], gaps) for one in wanted)
    )


Rows = Mapping[int, Sequence[tuple[str, tuple[Verdict, ...]]]]
"""For each binary, by its number, its kernels with a verdict for each capability."""


def _rows(binaries: Sequence[Binary], capabilities: tuple[str, ...]) -> Rows:
    return {
        at: [(row.name, row.verdicts) for row in kernel_matrix(binary, capabilities)]
        for at, binary in enumerate(binaries)
    }


def _gaps(evidence: Evidence) -> frozenset[int]:
    """The numbers of the binaries whose device code was not wholly read."""
    unread = {at for at, binary in enumerate(evidence.binaries or ()) if binary.kernels is None and binary.images != ()}
    named = {
        at
        for at in range(len(evidence.binaries or ()))
        for missing in evidence.not_seen
        if missing.path.startswith((f"binaries[{at}].kernels", f"binaries[{at}].units", f"binaries[{at}].images"))
    }
    return frozenset(unread | named)


def _answer(requirement: Requirement, binaries: Sequence[Binary], rows: Rows, gaps: frozenset[int]) -> Answer:
    fits_file, fits_kernel = glob_matcher(requirement.file), glob_matcher(requirement.kernel)
    looked = [at for at, binary in enumerate(binaries) if _fits(fits_file, binary.path or "")]
    verdicts = [verdicts for at in looked for name, verdicts in rows[at] if fits_kernel(name)]
    doubtful = any(at in gaps for at in looked)
    return Answer(
        requirement=requirement,
        kernels=len(verdicts),
        cells=tuple(
            _cell(requirement, capability, [one[at] for one in verdicts], doubtful=doubtful)
            for at, capability in enumerate(requirement.capabilities)
        ),
        searched=tuple(binaries[at].path or "" for at in looked),
    )


def _fits(fits: Callable[[str], bool], path: str) -> bool:
    return any(map(fits, (path, place_of(path), path.rpartition("/")[2])))


def _cell(requirement: Requirement, capability: str, verdicts: Sequence[Verdict], *, doubtful: bool) -> Cell:
    enough = BEST_FIRST[: BEST_FIRST.index(Verdict(requirement.mode.value)) + 1]
    serving = sum(verdict in enough for verdict in verdicts)
    lacking = State.CANNOT_TELL if doubtful else State.BROKEN
    return Cell(
        capability=capability,
        state=State.FULFILLED if serving >= requirement.at_least else lacking,
        serving=serving,
        best=min(verdicts, key=BEST_FIRST.index, default=Verdict.NONE),
    )
