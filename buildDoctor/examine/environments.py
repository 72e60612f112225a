"""Looks at the packages of an environment, at their device code, and at what was compiled in it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.environment import Prefix, interpreter_of
from buildDoctor.adapters.live_python import ask_python
from buildDoctor.adapters.site.caches import Compiled, compiled_caches
from buildDoctor.adapters.site.headers import cutlass_of_packages
from buildDoctor.adapters.site.metadata import built_for, owner_of_folder, read_packages
from buildDoctor.adapters.site.objects import may_hold_device_code, module_of, shared_objects_of
from buildDoctor.adapters.toolkits.assemblers import read_triton
from buildDoctor.core.device.package_code import code_of
from buildDoctor.core.evidence import Binary, Cache, Origin, Package, Unit
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Progress

_MOST_LOADED = 100
"""Shared objects that one process is asked to load."""


def see_packages(gathered: Gathered, folders: tuple[Path, ...], progress: Progress) -> None:
    """The packages of an environment, their device code by headers, and its triton.

    Args:
        gathered: the evidence so far.
        folders: the site-packages folders of the environment.
        progress: told each package that is read.
    """
    progress("reading the environment's packages")
    known = {package.name or "": package for package in read_packages(folders)}
    for folder in folders:
        found: dict[str, list[Binary]] = {}
        last = ""
        for top, path in shared_objects_of(folder):
            if top != last:
                progress(f"reading the device code of {top}")
                last = top
            binary = read_binary(path, kernels=False).binary if may_hold_device_code(path) else None
            if binary is not None and binary.units:
                found.setdefault(top, []).append(binary)
        for top, binaries in found.items():
            name = owner_of_folder(folder, top, known.values())
            known[name] = _with_code(known.get(name) or _nameless(name, folder / top), binaries)
        known |= _with_cutlass(folder, known)
        for name, package in known.items():
            torch, cuda = built_for(folder, name.replace("-", "_"))
            if torch or cuda:
                known[name] = replace(package, built_for_torch=torch, built_for_cuda=cuda)
    packages = tuple(known[name] for name in sorted(known))
    where = ", ".join(map(str, folders)) or "no folder of packages"
    gathered.add(packages=packages, origins=[Origin(path="packages", source=f"metadata and headers in {where}")])
    for folder in folders:
        triton, origins = read_triton(folder)
        if triton is not None:
            gathered.add(triton=triton, origins=origins)
            return
    gathered.miss("triton", "the environment has no triton")


def _nameless(name: str, path: Path) -> Package:
    """A package without metadata."""
    return Package(
        name=name, version="", path=str(path), files=0, code=(), built_for_torch="", built_for_cuda="", cutlass=()
    )


def _with_code(package: Package, binaries: list[Binary]) -> Package:
    units: list[Unit] = [unit for binary in binaries for unit in binary.units or ()]
    # A package may have files in more than one place.
    before = [
        Unit(cubins=kind.cubins, ptx=kind.ptx)
        for kind in package.code or ()
        for _ in range(min(kind.units or 0, 100_000))
    ]
    return replace(package, files=(package.files or 0) + len(binaries), code=code_of([*before, *units]))


def _with_cutlass(folder: Path, known: dict[str, Package]) -> dict[str, Package]:
    """The packages of a folder that bring copies of CUTLASS."""
    found: dict[str, Package] = {}
    for top, copies in cutlass_of_packages(folder).items():
        name = owner_of_folder(folder, top, known.values())
        package = found.get(name) or known.get(name) or _nameless(name, folder / top)
        found[name] = replace(package, cutlass=(*(package.cutlass or ()), *copies))
    return found


def see_live(gathered: Gathered, prefix: Prefix, folders: tuple[Path, ...], progress: Progress) -> None:
    """What a process of the environment's Python says of itself."""
    python = interpreter_of(prefix)
    if python is None:
        gathered.miss("live", f"{prefix.root} has no Python that can be asked")
        return
    progress("asking the examined Python")
    loadable = [(path, module_of(folder, path)) for folder in folders for _top, path in shared_objects_of(folder)]
    chosen = [(path, name) for path, name in loadable if name and _has_code(path)][:_MOST_LOADED]
    live = ask_python(python, chosen, os.environ)
    gathered.add(live=live, origins=[Origin(path="live", source=f"a process of {python}")])
    if live.ended != "answered":
        gathered.miss("live", f"the process of {python} {live.ended} while it was {live.doing or 'starting'}")


def _has_code(path: Path) -> bool:
    binary = read_binary(path, kernels=False).binary if may_hold_device_code(path) else None
    return bool(binary is not None and binary.units)


def see_caches(gathered: Gathered) -> None:
    """What was compiled on this machine when it was first needed."""
    caches = tuple(_cache(compiled) for compiled in compiled_caches(os.environ, Path.home()))
    gathered.add(caches=caches, origins=[Origin(path="caches", source="the caches of torch, FlashInfer and triton")])


def _cache(compiled: Compiled) -> Cache:
    readings = [read_binary(path, kernels=False).binary for path in compiled.files]
    units = [unit for binary in readings if binary for unit in binary.units or ()]
    return Cache(
        tool=compiled.tool,
        name=compiled.name,
        path=str(compiled.folder),
        architectures=_once(a for unit in units for a in unit.cubins or ()),
        ptx=_once(a for unit in units for a in unit.ptx or ()),
        cuda_home=compiled.cuda_home,
    )


def _once(architectures: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(architectures))
