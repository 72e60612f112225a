"""What the loader would not find, seen from all files of a package together, and from torch's libraries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.elf.binary import map_file
from buildDoctor.adapters.elf.dynamic import DynamicSymbols, dynamic_symbols
from buildDoctor.adapters.elf.host import MOST_LISTED, own_symbols
from buildDoctor.adapters.elf.objects import read_object
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.core.evidence import Host, NotSeen
from buildDoctor.core.symbols import Owner, owner_of, owner_of_library, string_abis

TORCH_LIBRARIES = (
    "libc10.so", "libc10_cuda.so", "libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch_cuda_linalg.so",
    "libtorch_python.so", "libshm.so", "libtorch_nvshmem.so",
)  # fmt: skip


class Surroundings(Struct, frozen=True):
    """What is there for a file to be joined with."""

    exports: frozenset[str]
    """The symbols that the examined files give."""
    names: frozenset[str]
    """What those files are called, without their folders."""
    torch: frozenset[str] | None
    """The symbols that torch gives; none when its libraries were not seen."""


def linked(readings: Iterable[BinaryReading], torch: Path | None = None) -> Iterator[BinaryReading]:
    """The readings of one package, each with the symbols that nothing gives it.

    Args:
        readings: The files that are loaded together.
        torch: The folder of the package torch, if there is one.
    """
    taken = list(readings)
    exports = frozenset(name for reading in taken if reading.dynamic for name in reading.dynamic.exports)
    names = frozenset(PurePosixPath(reading.name.rpartition("!")[2]).name for reading in taken)
    wants_torch = any(expected.owner == Owner.TORCH for reading in taken for expected in _host(reading).expected or ())
    given = torch_exports(torch) if torch is not None and wants_torch else None
    for reading in taken:
        yield _joined(reading, Surroundings(exports, names, given))


def _host(reading: BinaryReading) -> Host:
    return (reading.binary.host if reading.binary else None) or Host()


def _joined(reading: BinaryReading, around: Surroundings) -> BinaryReading:
    """A reading with what nothing around it gives."""
    if reading.binary is None or reading.binary.host is None or reading.dynamic is None:
        return reading
    host = reading.binary.host
    strangers = _strangers(reading.name, host, around.names)
    missing = tuple(name for name in own_symbols(reading.dynamic.imports) if name not in around.exports)
    if around.torch is not None:
        missing = tuple(name for name in missing if name not in around.torch)
    notes = list(reading.not_seen)
    if missing and strangers:
        reason = f"{reading.name} needs {', '.join(strangers)}, which may give what it expects; examine it together with them"
        notes.append(NotSeen(path="host.unresolved", reason=reason))
    host = replace(
        host,
        unresolved=None if missing and strangers else missing[:MOST_LISTED],
        missing_from_torch=_missing_from_torch(reading.dynamic, around),
    )
    return replace(reading, binary=replace(reading.binary, host=host), not_seen=tuple(notes), dynamic=None)


def _strangers(name: str, host: Host, names: frozenset[str]) -> tuple[str, ...]:
    """The needed libraries that are neither known nor among the examined files.

    What torch's own libraries have in no namespace of torch, they may have from each other.
    """
    own = owner_of_library(PurePosixPath(name).name)
    unknown = {Owner.OTHER, own} if own is Owner.TORCH else {Owner.OTHER}
    return tuple(one for one in host.needed or () if owner_of_library(one) in unknown and one not in names)


def _missing_from_torch(dynamic: DynamicSymbols, around: Surroundings) -> tuple[str, ...] | None:
    """The symbols that a file expects of torch and that torch's libraries do not have."""
    expected = [one.name for one in dynamic.imports if not one.weak and owner_of(one.name) is Owner.TORCH]
    if not expected:
        return ()
    if around.torch is None:
        return None
    return tuple(sorted(name for name in expected if name not in around.torch and name not in around.exports))[
        :MOST_LISTED
    ]


def torch_exports(torch: Path) -> frozenset[str] | None:
    """The symbols that the libraries of an installed torch give; none when they are not there."""
    found = [_exports(torch / "lib" / name) for name in TORCH_LIBRARIES]
    names = frozenset().union(*found)
    return names or None


def torch_abi(torch: Path) -> str | None:
    """The C++ ABI of an installed torch, `new` or `old`; none when its library libc10.so is not there."""
    told = {abi for name in _exports(torch / "lib" / "libc10.so") for abi in string_abis(name)}
    return next(iter(told)) if len(told) == 1 else None


def _exports(path: Path) -> frozenset[str]:
    """The symbols that a library gives; none when it cannot be read."""
    window = map_file(path, path.name)
    elf = window if isinstance(window, str) else read_object(window, path.name)
    return frozenset() if isinstance(elf, str) else dynamic_symbols(elf).exports
