"""What one way through a setup.py asks for, and which architectures each of its extensions is then compiled for."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from buildDoctor.core.evidence import Step
from buildDoctor.core.plan.nvcc_flags import default_architectures, named_architectures, turns_helper_off
from buildDoctor.core.plan.torch_helper import Added, ExtensionHelper, added_for_gpus, added_for_list

_CUDA_SOURCE = (".cu",)


class DecidedBy(StrEnum):
    """What decides about the architectures of an extension."""

    SCRIPT = "script"
    """Flags of its own."""
    TORCH = "torch"
    """torch's helper, from TORCH_CUDA_ARCH_LIST or the GPUs that it sees."""
    COMPILER = "compiler"
    """Nobody: a flag turns torch's helper off and names no architecture, so that nvcc takes its default."""
    NOTHING = "nothing"
    """It has no CUDA source."""


class Machine(Struct, frozen=True, kw_only=True):
    """The machine of the build, as far as torch's helper asks."""

    cuda: str
    capabilities: tuple[str, ...] | None = None
    torch_architectures: tuple[str, ...] | None = None
    helper: ExtensionHelper | None = None


class AskedExtension(Struct, frozen=True, kw_only=True):
    """An extension as the script asks for it."""

    name: str
    kind: str
    """`CUDAExtension`, `CppExtension`, `Extension`, or the name of a class of the script."""
    file: str
    line: int
    sources: tuple[str, ...] = ()
    """Relative to the tree."""
    sources_doubt: str = ""
    """Why it may have more sources."""
    flags: tuple[str, ...] = ()
    """What nvcc gets."""
    flags_doubt: str = ""
    """Why nvcc may get more."""
    definitions: tuple[str, ...] | None = ()
    certain: bool = True
    """Whether the script certainly comes there."""
    built_by: str = ""
    """The script's own way to build it, which is not followed."""

    @property
    def has_cuda(self) -> bool:
        """Whether anything of it goes through nvcc."""
        return any(source.endswith(_CUDA_SOURCE) for source in self.sources) or bool(self.sources_doubt)


class Way(Struct, frozen=True, kw_only=True):
    """One way through a script: what it does when each unknown condition is answered in one way."""

    answers: tuple[tuple[str, bool], ...] = ()
    """The unknown conditions that were met, in words, and the way that was taken at each."""
    extensions: tuple[AskedExtension, ...] = ()
    doubts: tuple[str, ...] = ()
    """Why there may be further extensions."""
    arch_list: str | None = None
    """TORCH_CUDA_ARCH_LIST when the script has ended; scripts change it."""
    arch_list_doubt: str = ""
    stop: str = ""
    """Why the script ends without asking for anything, with file and line."""
    steps: tuple[Step, ...] = ()
    variables: tuple[str, ...] = ()
    """The environment variables that it asked for."""
    notes: tuple[str, ...] = ()
    """What it does and nobody followed."""


class Resolved(Struct, frozen=True, kw_only=True):
    """The architectures of an extension on one way."""

    architectures: tuple[str, ...] | None
    decided_by: DecidedBy | None
    doubt: str = ""
    unknown_to_torch: tuple[str, ...] = field(default=())


def resolve(extension: AskedExtension, way: Way, machine: Machine) -> Resolved:  # noqa: PLR0911  one answer for each thing that decides
    """The architectures that the CUDA sources of an extension are compiled for."""
    if extension.built_by:
        return Resolved(
            architectures=None, decided_by=None, doubt=f"the script builds it in its own way: {extension.built_by}"
        )
    if not extension.has_cuda:
        return Resolved(architectures=(), decided_by=DecidedBy.NOTHING)
    if extension.flags_doubt:
        return Resolved(architectures=None, decided_by=None, doubt=f"its flags may hold more: {extension.flags_doubt}")
    named = named_architectures(extension.flags)
    if named is None:
        doubt = "its flags leave the architectures to the compiler (-arch=native, all or the like)"
        return Resolved(architectures=None, decided_by=DecidedBy.SCRIPT, doubt=doubt)
    if named:
        return Resolved(architectures=named, decided_by=DecidedBy.SCRIPT)
    if turns_helper_off(extension.flags):
        return Resolved(architectures=default_architectures(machine.cuda), decided_by=DecidedBy.COMPILER)
    added = _added(way, machine)
    return Resolved(
        architectures=added.architectures, decided_by=DecidedBy.TORCH, doubt=added.doubt, unknown_to_torch=added.unknown
    )


def _added(way: Way, machine: Machine) -> Added:
    """What torch's helper adds."""
    if way.arch_list_doubt:
        return Added(architectures=None, doubt=f"the script sets TORCH_CUDA_ARCH_LIST: {way.arch_list_doubt}")
    if way.arch_list:
        return added_for_list(way.arch_list, machine.helper)
    if machine.capabilities is None:
        return Added(
            architectures=None,
            doubt="TORCH_CUDA_ARCH_LIST is not stated and no GPU is known: state --arch-list or --gpu",
        )
    return added_for_gpus(machine.capabilities, machine.torch_architectures)
