"""A build folder beside the plan: what its files say, and where the two disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec.structs import replace

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import CompiledSource, Configured, Plan, PlannedSource, SourceDifference
from buildDoctor.core.plan.torch_helper import merged

_NOT_A_LIST = frozenset({"", "OFF", "off", "FALSE", "NO", "0", "native", "all", "all-major"})
_NO_FOLDER = "/not-built/"
"""What a replay tells the scripts to be the build folder."""
_REAL, _VIRTUAL = "-real", "-virtual"
_MOST_REQUESTED = 100


def requested(variable: str, value: str) -> tuple[str, ...] | None:
    """The architectures that a variable of the cache asks for; nothing where it names none of its own.

    Args:
        variable: TORCH_CUDA_ARCH_LIST, or CMAKE_CUDA_ARCHITECTURES, in whose lists `90` is cubin and PTX.
        value: the text in the cache.
    """
    if value in _NOT_A_LIST:
        return None
    parts = [part for part in value.replace(",", ";").replace(" ", ";").split(";") if part][:_MOST_REQUESTED]
    read = _of_torch if variable == "TORCH_CUDA_ARCH_LIST" else _of_cmake
    try:
        return merged(read(part) for part in parts) or None
    except ArchitectureError:
        return None


def _of_torch(part: str) -> str:
    return parse(part).dotted


def _of_cmake(part: str) -> str:
    number = part.removesuffix(_REAL).removesuffix(_VIRTUAL)
    dotted = parse(f"sm_{number}").dotted
    if part.endswith(_VIRTUAL):
        return f"compute_{number}"
    return dotted if part.endswith(_REAL) else f"{dotted}+PTX"


def pieces(architectures: Iterable[str]) -> frozenset[str]:
    """What is embedded, cubins and PTX apart, so that `9.0+PTX` and `compute_90` beside `9.0` are the same."""
    found: set[str] = set()
    for text in architectures:
        try:
            target = parse(text)
        except ArchitectureError:
            found.add(text)
            continue
        if target.ptx:
            found.add(f"compute_{target.number}")
        if not text.startswith("compute_"):
            found.add(f"{target.base}{target.suffix}")
    return frozenset(found)


def all_architectures(sources: Iterable[CompiledSource]) -> tuple[str, ...] | None:
    """All that sources are compiled for, in their order; nothing when that of one is not known."""
    found: dict[str, None] = {}
    for source in sources:
        if source.architectures is None:
            return None
        found |= dict.fromkeys(source.architectures)
    return merged(found)


def beside_plan(configured: Configured, plan: Plan) -> Configured:
    """The build folder with where it disagrees with the plan; what either does not know is not compared."""
    if configured.sources is None or plan.sources is None:
        return configured
    compiled = {_key(source.extension, source.path): source for source in configured.sources}
    planned = {_key(s.extension, _in_folder(s.path, configured.folder)): s for s in plan.sources}
    targets = {_last(source.extension) for source in configured.sources}
    strange = [source.path or "" for key, source in compiled.items() if key not in planned]
    patterns = tuple(_patterns(plan))
    generated = tuple(path for path in strange if _is_generated(path, patterns, configured.folder or ""))
    return replace(
        configured,
        generated=generated,
        differences=tuple(_differences(planned, compiled)),
        not_compiled=tuple(
            key[1] for key, source in planned.items() if key not in compiled and _last(source.extension) in targets
        ),
        not_planned=tuple(path for path in strange if path not in generated),
    )


def _differences(
    planned: Mapping[tuple[str, str], PlannedSource], compiled: Mapping[tuple[str, str], CompiledSource]
) -> Iterator[SourceDifference]:
    for key, source in compiled.items():
        decided = planned[key].architectures if key in planned else None
        # A planned source without architectures is left to the compiler, whose default the plan does not know.
        if not decided or source.architectures is None or pieces(decided) == pieces(source.architectures):
            continue
        yield SourceDifference(
            path=source.path, extension=source.extension, planned=decided, compiled=source.architectures
        )


def _key(extension: str | None, path: str | None) -> tuple[str, str]:
    return _last(extension), path or ""


def _in_folder(path: str | None, folder: str | None) -> str:
    """A planned path, with this build folder for the one that a replay does not have."""
    inside = (path or "").removeprefix(_NO_FOLDER)
    return inside if inside == path or folder in {None, "."} else f"{folder}/{inside}"


def _last(extension: str | None) -> str:
    """The part of a target's name that torch's helper hands to the compiler: `_C` of `vllm._C`."""
    return (extension or "").rpartition(".")[2]


def _patterns(plan: Plan) -> Iterator[str]:
    for extension in plan.extensions or ():
        yield from extension.generated or ()


def _is_generated(path: str, patterns: tuple[str, ...], folder: str) -> bool:
    """Whether a file is one that a configure-time script writes: into the build folder, or where a glob looks for it."""
    below = folder != "." and path.startswith(f"{folder}/")
    return below or any(fnmatchcase(path, pattern) for pattern in patterns)
