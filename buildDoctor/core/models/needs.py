"""What a model needs of hardware and build, from the two tables: that of its formats, and that of what was built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, Verdict, parse_capability
from buildDoctor.core.device.serving import best
from buildDoctor.core.evidence import Binary, EntryPoint, Kernel, ModelFormat, ModelRequirement, ModelWay, Plan
from buildDoctor.core.models.ways import WAYS, Kind, Way

USABLE = ("kernel", "jit", "run-time", "library", "planned")
"""The states of a build in which a way can be gone."""
ENGINES = frozenset(
    {"vllm", "sglang", "sgl_kernel", "bitsandbytes", "lmdeploy", "tensorrt_llm", "aphrodite", "gptqmodel"}
)
"""Packages that run models."""
_RANKS = ("kernel", "jit", "planned", "no-suffix", "other-gpus", "stub", "not-planned", "none")
"""Of several files the best one counts."""
_RUNS = {Verdict.NATIVE: "kernel", Verdict.FAMILY: "kernel", Verdict.JIT: "jit", Verdict.NOT_PROMISED: "kernel"}


class Built(Struct, frozen=True, kw_only=True):
    """What is known of the build; `None` is not seen."""

    binaries: tuple[Binary, ...] | None = None
    """The examined files, with their entry points."""
    kernels: tuple[Kernel, ...] | None = None
    """The kernels of those files that belong to a way."""
    plan: Plan | None = None
    """What the build scripts decide; counts where no file of a program that runs models was examined."""

    def is_of_an_engine(self) -> bool:
        """Whether the examined files are those of a program that runs models: others say nothing by what they lack."""
        binaries = self.binaries or ()
        points = (point for binary in binaries if binary.host for point in binary.host.entry_points or ())
        return (
            bool(self.kernels)
            or any(binary.package in ENGINES for binary in binaries)
            or any(point.state not in {None, "absent"} for point in points)
        )


def ways_of(one: ModelFormat) -> tuple[Way, ...]:
    """The ways for a format; none for one that nothing is known about, and for the KV cache, which attention reads."""
    if one.part != "weights":
        return ()
    return WAYS.get((one.name or "", (one.activation_bits or 16) >= 16), ())


def requirements(
    formats: Iterable[ModelFormat], capabilities: Iterable[str], built: Built
) -> tuple[ModelRequirement, ...]:
    """What each format needs on GPUs of each capability; formats of which nothing is known are left out."""
    wanted = list(capabilities)
    known = [(one, ways) for one in formats if (ways := ways_of(one))]
    return tuple(_requirement(one, ways, capability, built) for one, ways in known for capability in wanted)


def _requirement(one: ModelFormat, ways: tuple[Way, ...], capability: str, built: Built) -> ModelRequirement:
    judged = tuple(_way(way, capability, built) for way in ways)
    # The first usable way counts only when it is known that those before it are not.
    found: str | None = ""
    native: bool | None = False
    for way in judged:
        if way.hardware and way.build is None:
            found = native = None
            break
        if way.hardware and way.build in USABLE:
            found, native = way.name, way.native
            break
    return ModelRequirement(format=one.name, capability=capability, ways=judged, best=found, native=native)


def _way(way: Way, capability: str, built: Built) -> ModelWay:
    return ModelWay(
        name=way.name,
        needs=way.needs,
        native=way.native,
        hardware=_at_least(capability, way.needs),
        build=_state(way, capability, built),
    )


def _at_least(capability: str, needs: str) -> bool:
    try:
        found = parse_capability(capability)
    except ArchitectureError:
        return False
    return found >= parse_capability(needs)


def _state(way: Way, capability: str, built: Built) -> str | None:
    """What the build has of a way for a GPU; none when that is not known."""
    if way.kind in {Kind.RUN_TIME, Kind.LIBRARY}:
        return str(way.kind)
    if way.kind is Kind.UNNAMED:
        return None
    if not built.is_of_an_engine():
        return _planned(way, capability, built.plan)
    if way.kind is Kind.KERNELS:
        if built.kernels is None:
            return None
        return _ranked(_served(kernel.cubins, kernel.ptx, capability) for kernel in _kernels_of(way, built.kernels))
    return _operations(way, capability, built.binaries or ())


def _kernels_of(way: Way, kernels: tuple[Kernel, ...]) -> Iterator[Kernel]:
    for kernel in kernels:
        at = 0
        for part in way.kernel:
            at = (kernel.name or "").find(part, at) + 1
            if not at:
                break
        else:
            # The GEMM of NVFP4 has scales of 8 bits and is no way for FP8.
            if way.kernel[-1] != "12float_e4m3_t" or "float_e2m1_t" not in (kernel.name or ""):
                yield kernel


def _operations(way: Way, capability: str, binaries: tuple[Binary, ...]) -> str | None:
    """The worst state of the entry points that a way needs."""
    hosts = [binary.host for binary in binaries if binary.host is not None]
    if any(host.entry_points is None for host in hosts):
        return None
    points = [point for host in hosts for point in host.entry_points or ()]
    states = [
        _ranked(_point(way, point, capability) for point in points if point.name == name) for name in way.operations
    ]
    return max(states, key=_RANKS.index)


def _point(way: Way, point: EntryPoint, capability: str) -> str:
    if point.state != "kernel":
        return "stub" if point.state == "entry-point" else "none"
    listed = point.architectures or ()
    cubins = [architecture for architecture in listed if not architecture.endswith("+PTX")]
    ptx = [architecture.removesuffix("+PTX") for architecture in listed if architecture.endswith("+PTX")]
    return _served(cubins, ptx, capability, suffixed=way.suffixed)


def _served(cubins: Iterable[str] | None, ptx: Iterable[str] | None, capability: str, *, suffixed: bool = False) -> str:
    """What images for some architectures are to a GPU; those without a suffix do not count where one is needed."""
    if suffixed:
        special = [architecture for architecture in cubins or () if architecture.endswith(("a", "f"))]
        if best(special, (), capability) in _RUNS:
            return "kernel"
        return "no-suffix" if best(cubins or (), ptx or (), capability) in _RUNS else "other-gpus"
    return _RUNS.get(best(cubins or (), ptx or (), capability), "other-gpus")


def _planned(way: Way, capability: str, plan: Plan | None) -> str | None:
    """Whether the build scripts compile a source of a way for a GPU."""
    if plan is None or plan.sources is None or not way.sources:
        return None
    # An entry point is compiled in every build, and says nothing about the kernels behind it.
    paths = ((source, (source.path or "").lower()) for source in plan.sources)
    found = (source for source, path in paths if way.sources in path and "_entry" not in path)
    states = (_served(*_split(source.architectures or ()), capability, suffixed=way.suffixed) for source in found)
    state = _ranked(states)
    return "planned" if state in USABLE else "no-suffix" if state == "no-suffix" else "not-planned"


def _split(architectures: Iterable[str]) -> tuple[list[str], list[str]]:
    """Machine code and PTX of a list such as `8.0 9.0+PTX`."""
    taken = list(architectures)
    ptx = [one.removesuffix("+PTX") for one in taken if one.endswith("+PTX")]
    return [one.removesuffix("+PTX") for one in taken], ptx


def _ranked(states: Iterable[str]) -> str:
    return min(states, key=_RANKS.index, default="none")
