"""The host side of the evidence: what the loader must find for the file, and which entry points are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from struct import Struct

from buildDoctor.adapters.elf.dynamic import DynamicSymbols, Import, needed_versions, search_folders
from buildDoctor.adapters.elf.entry_points import HostFunctions, entry_points, plain_names, stub_texts
from buildDoctor.adapters.elf.objects import ElfObject, needed_libraries, read_symbols
from buildDoctor.adapters.elf.python_abi import unstable
from buildDoctor.core.evidence import CudaLibrary, Expected, Host, Kernel, Origin
from buildDoctor.core.models.operations import HOST_WORD, has_host_word, plain_name
from buildDoctor.core.symbols import Owner, cuda_major, cxx11_abi, owner_of, python_tag

MOST_LISTED = 200
"""Undefined symbols of the extension's own after so many are not listed."""
MACHINES = {3: "i686", 21: "ppc64le", 22: "s390x", 40: "armv7l", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
"""The values of e_machine, as Python's platform tags write them."""
VERSION = re.compile(r"(GLIBC|GLIBCXX|CXXABI)_(\d+(?:\.\d+){1,3})")


def read_host(elf: ElfObject, kernels: tuple[Kernel, ...], dynamic: DynamicSymbols, path: str) -> Host:
    """The host side of a file, without what only a look at other files can tell.

    Args:
        elf: The file.
        kernels: The kernels of the known operations that are in it, and all whose names look like host functions.
        dynamic: The symbols that the loader joins.
        path: What the file is called.
    """
    defined, undefined = _of_interest(elf, kernels)
    stubs = tuple(dict.fromkeys(stub_texts(elf)))
    needed = needed_libraries(elf)
    highest = highest_versions(version.name for version in needed_versions(elf).values())
    tag = python_tag(path)
    owners = [(one, owner_of(one.name, one.version.library if one.version else "")) for one in dynamic.imports]
    return Host(
        symbols=defined,
        undefined=undefined,
        expected=_expected(owners),
        own_undefined=own_symbols(dynamic.imports)[:MOST_LISTED],
        cxx11_abi=cxx11_abi(one.name for one, owner in owners if owner is Owner.TORCH),
        needed=needed,
        cuda_libraries=_cuda_libraries(needed),
        search_folders=search_folders(elf),
        glibc=highest["GLIBC"],
        glibcxx=highest["GLIBCXX"],
        cxxabi=highest["CXXABI"],
        machine=machine(elf),
        python_tag=tag,
        unstable_python=unstable(one.name for one, owner in owners if owner is Owner.PYTHON) if tag == "abi3" else (),
        stubs=stubs,
        entry_points=entry_points(HostFunctions(elf, plain_names(defined), kernels, stubs)),
    )


def loader_origins(path: str) -> tuple[Origin, ...]:
    """Where those values of the host side come from that are not in the symbol tables.

    Args:
        path: What the file is called.
    """
    places = {
        "section .dynamic": ("needed", "cuda_libraries", "search_folders"),
        "section .gnu.version_r": ("glibc", "glibcxx", "cxxabi"),
        "the ELF header": ("machine",),
        "the file name": ("python_tag",),
        "the symbols of all files of its package": ("unresolved", "missing_from_torch"),
    }
    return tuple(Origin(path=f"host.{name}", source=f"{path}, {place}") for place in places for name in places[place])


def _of_interest(elf: ElfObject, kernels: tuple[Kernel, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The functions that a report lists: those that the file defines, and those that it expects from elsewhere."""
    word = HOST_WORD.encode()
    symbols = [*read_symbols(elf, ".dynsym", word), *read_symbols(elf, ".symtab", word)]
    # Each kernel has a host function of its own plain name, which only launches it. The plain name is a part of the other.
    launchers = {plain_name(kernel.name) for kernel in kernels if kernel.name and has_host_word(kernel.name)}
    names = {symbol.name: symbol.defined for symbol in symbols if _is_interesting(symbol.name, launchers)}
    defined = tuple(sorted(name for name, is_defined in names.items() if is_defined))
    return defined, tuple(sorted(name for name, is_defined in names.items() if not is_defined))


def _is_interesting(symbol: str, launchers: set[str | None]) -> bool:
    """Whether a report lists a function of this mangled name."""
    if not has_host_word(symbol):
        return False
    name = plain_name(symbol)
    return name is not None and name not in launchers and has_host_word(name)


def _expected(owners: list[tuple[Import, Owner]]) -> tuple[Expected, ...]:
    """How many symbols are expected from whom."""
    counts = Counter(owner for _one, owner in owners)
    return tuple(Expected(owner=owner.value, count=counts[owner]) for owner in Owner if counts[owner])


def own_symbols(imports: tuple[Import, ...]) -> tuple[str, ...]:
    """The C++ functions that must be defined for the file to load and that belong to no known library."""
    return tuple(
        sorted(one.name for one in imports if not one.weak and one.version is None and owner_of(one.name) is Owner.OWN)
    )


def _cuda_libraries(needed: tuple[str, ...]) -> tuple[CudaLibrary, ...]:
    """The needed libraries whose names carry a CUDA version."""
    majors = ((name, cuda_major(name)) for name in needed)
    return tuple(CudaLibrary(name=name, major=major) for name, major in majors if major is not None)


def highest_versions(names: Iterable[str]) -> dict[str, str]:
    """The highest of the versions of each series, such as `GLIBC`; empty for a series that is not among them."""
    highest: dict[str, tuple[int, ...]] = {"GLIBC": (), "GLIBCXX": (), "CXXABI": ()}
    for name in names:
        if found := VERSION.fullmatch(name):
            highest[found[1]] = max(highest[found[1]], tuple(map(int, found[2].split("."))))
    return {series: ".".join(map(str, version)) for series, version in highest.items()}


def machine(elf: ElfObject) -> str:
    """The processor that the file is for, as platform tags write it."""
    number = elf.window.unpack(Struct("<H" if elf.little_endian else ">H"), 18)
    return MACHINES.get(number[0], f"machine {number[0]}") if number else ""
