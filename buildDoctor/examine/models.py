"""Looks at a model, and holds what it needs against hardware and build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.adapters.models.folder import read_model
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Kernel, Model, NotSeen, Origin
from buildDoctor.core.models.needs import Built, requirements, ways_of
from buildDoctor.core.models.ways import searched
from buildDoctor.examine.gathered import Gathered


def see_model(gathered: Gathered, folder: str | None) -> None:
    """Put a model into the evidence, once machine, shared objects and plan are there.

    Args:
        gathered: the evidence so far.
        folder: the model's folder, as the user named it.

    Raises:
        RequestError: there is no such folder.
    """
    if folder is None:
        # Nobody asked about one, which is no gap of the examination.
        return
    path = Path(folder)
    if not path.is_dir():
        raise RequestError(f"--model {folder}: there is no such folder; name the folder that holds config.json")
    gathered.progress(f"reading the configuration of {folder}")
    reading = read_model(path)
    if reading.model is None:
        for missing in reading.not_seen:
            gathered.miss(missing.path, missing.reason)
        return
    gathered.examined += 1
    model, notes = _judged(gathered, reading.model)
    origins = [*reading.origins, Origin(path="model.requires", source="the model's formats, the GPUs and the build")]
    gathered.add(model=model, origins=origins, not_seen=[*reading.not_seen, *notes])


def _judged(gathered: Gathered, model: Model) -> tuple[Model, list[NotSeen]]:
    """The model with what it needs, and what of that is not known."""
    evidence = gathered.evidence
    if model.formats is None:
        return model, []
    if evidence.capabilities is None:
        return model, [
            NotSeen(path="model.requires", reason="no GPU was seen; state what to diagnose for with --gpu 12.0")
        ]
    ways = tuple(way for one in model.formats for way in ways_of(one))
    pattern = searched(ways)
    binaries = tuple(binary for binary in evidence.binaries or () if binary.host is not None)
    kernels: tuple[Kernel, ...] | None = ()
    if binaries and pattern is not None:
        gathered.progress("looking for the kernels that the model needs")
        kernels = tuple(_kernels(binaries, pattern))
    built = Built(binaries=binaries, kernels=kernels, plan=evidence.plan)
    needs = requirements(model.formats, evidence.capabilities, built)
    notes = []
    if needs and evidence.plan is None and not built.is_of_an_engine():
        reason = (
            "nothing of a program that runs models was examined; name its shared object, wheel or folder, or --source"
        )
        notes.append(NotSeen(path="model.requires", reason=reason))
    return replace(model, requires=needs), notes


def _kernels(binaries: Iterable[Binary], pattern: re.Pattern[str]) -> Iterator[Kernel]:
    """The kernels of the examined files whose names are those of a way."""
    names = [binary.path or "" for binary in binaries if binary.units]
    for reading in _read(names, pattern):
        yield from (reading.binary.kernels or ()) if reading.binary else ()


def _read(names: list[str], pattern: re.Pattern[str]) -> Iterator[BinaryReading]:
    for wheel in dict.fromkeys(name.partition("!")[0] for name in names if "!" in name):
        yield from read_wheel(Path(wheel), kernels=pattern)
    yield from (read_binary(Path(name), name, kernels=pattern) for name in names if "!" not in name)
