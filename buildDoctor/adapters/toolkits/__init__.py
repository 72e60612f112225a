"""The CUDA toolkits of the machine, from the files that each of them carries, and which build would take which."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.small_files import hidden
from buildDoctor.adapters.toolkits.asking import listed_architectures
from buildDoctor.adapters.toolkits.host_limits import newest_compilers
from buildDoctor.adapters.toolkits.places import Place, places
from buildDoctor.adapters.toolkits.versions import header_version, nvcc_of, toolkit_version
from buildDoctor.core.device.toolkits import compiled_by
from buildDoctor.core.evidence import NotSeen, Origin, Toolkit

_MOST = 64
Toolkits = tuple[tuple[Toolkit, ...], tuple[NotSeen, ...], tuple[Origin, ...]]


def read_toolkits(
    variables: Mapping[str, str], packages: Iterable[Path] = (), *, root: Path = Path("/"), ask: bool = True
) -> Toolkits:
    """The toolkits in the order in which torch's build helpers look, what was not seen, and where it comes from.

    Args:
        variables: the environment variables that a build would be started with.
        packages: the site-packages folders of the examined environment.
        root: the root of the machine's files.
        ask: whether nvcc may be started with `--list-gpu-arch`; without it a table by version answers.
    """
    found: dict[str, Toolkit] = {}
    for place in places(variables, packages, root):
        identity = os.path.realpath(place.nvcc or nvcc_of(Path(place.folder)) or place.folder)
        before = found.get(identity)
        if before is not None:
            found[identity] = _joined(before, place)
        elif (toolkit := _read(place)) is not None and len(found) < _MOST:
            found[identity] = toolkit
    taken = tuple(found.values())
    if not taken:
        return (
            (),
            (NotSeen(path="toolkits", reason="no CUDA toolkit was found; state its version with --cuda 12.9"),),
            (),
        )
    origins = [Origin(path="toolkits", source="their files, and the order in which builds look")]
    notes: list[NotSeen] = []
    for at, toolkit in enumerate(taken):
        architectures, source = _architectures(toolkit, ask=ask and root == Path("/"))
        if toolkit.nvcc is None:
            notes += [NotSeen(path=f"toolkits[{at}].{name}", reason=source) for name in ("nvcc", "version", "headers")]
        taken = (*taken[:at], replace(toolkit, architectures=architectures), *taken[at + 1 :])
        path = f"toolkits[{at}].architectures"
        if architectures is None:
            notes.append(
                NotSeen(path=path, reason=f"what {toolkit.nvcc or toolkit.path} compiles for is not known: {source}")
            )
        else:
            origins.append(Origin(path=path, source=source))
    return taken, tuple(notes), tuple(origins)


def _read(place: Place) -> Toolkit | None:
    """A toolkit; none for a folder that has neither a compiler nor a version and that nothing names."""
    folder = Path(place.folder)
    nvcc = place.nvcc or nvcc_of(folder)
    if place.takers and not nvcc and hidden(folder / "bin" / "nvcc"):
        # That it has no compiler would be a claim about what nobody has seen.
        return Toolkit(
            path=place.folder, chosen="torch" in place.takers, chosen_by=place.takers, found_by=(place.found_by,)
        )
    version = toolkit_version(folder, nvcc)
    if version is None and not nvcc and not place.takers:
        return None
    gcc, clang = newest_compilers(folder)
    return Toolkit(
        path=place.folder,
        version=version,
        chosen="torch" in place.takers,
        chosen_by=place.takers,
        found_by=(place.found_by,),
        nvcc=nvcc,
        headers=header_version(folder) or "",
        newest_gcc=gcc,
        newest_clang=clang,
    )


def _joined(toolkit: Toolkit, place: Place) -> Toolkit:
    """A toolkit to which something else leads as well."""
    takers = tuple(dict.fromkeys((*(toolkit.chosen_by or ()), *place.takers)))
    found_by = tuple(dict.fromkeys((*(toolkit.found_by or ()), place.found_by)))
    return replace(toolkit, chosen="torch" in takers, chosen_by=takers, found_by=found_by)


def _architectures(toolkit: Toolkit, *, ask: bool) -> tuple[tuple[str, ...] | None, str]:
    """What its compiler compiles for, and who says so; or none, and why."""
    if toolkit.nvcc is None:
        return None, f"{toolkit.path} cannot be read: {hidden(Path(toolkit.path or '') / 'bin' / 'nvcc')}"
    if not toolkit.nvcc:
        return (), "it has no compiler"
    if ask and toolkit.chosen_by:
        asked = listed_architectures(toolkit.nvcc)
        if not isinstance(asked, str):
            return asked, f"{toolkit.nvcc} --list-gpu-arch"
    listed = compiled_by(toolkit.version or "")
    if listed is None:
        return (
            None,
            "its version is not in the table, and it was not asked" if toolkit.version else "its version was not found",
        )
    return listed, f"the table of build-doctor for CUDA {toolkit.version}"
