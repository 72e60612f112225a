"""What a tree would build, and what it did build, in the JSON report. Its own types: see json_v1_evidence."""

from buildDoctor.faces.reports.json_v1_evidence_machine import CutlassCopy
from buildDoctor.faces.reports.json_v1_shape import Shape


class SupportedList(Shape, frozen=True, kw_only=True):
    """The architectures that a project says it supports at all."""

    variable: str | None = None
    architectures: tuple[str, ...] | None = None
    file: str | None = None
    line: int | None = None


class Feature(Shape, frozen=True, kw_only=True):
    """A block of the build scripts that is built only for some architectures."""

    name: str | None = None
    variable: str | None = None
    wants: tuple[str, ...] | None = None
    gets: tuple[str, ...] | None = None
    file: str | None = None
    line: int | None = None
    built: bool | None = None
    sources: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None
    messages: tuple[str, ...] | None = None


class PlannedSource(Shape, frozen=True, kw_only=True):
    """One source file of an extension and what it is compiled for."""

    path: str | None = None
    extension: str | None = None
    architectures: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None


class Extension(Shape, frozen=True, kw_only=True):
    """A library target of the build."""

    name: str | None = None
    sources: tuple[str, ...] | None = None
    generated: tuple[str, ...] | None = None
    architectures_from: str | None = None
    kind: str | None = None
    links: tuple[str, ...] | None = None


class Step(Shape, frozen=True, kw_only=True):
    """One change to a list of architectures while the build scripts ran."""

    variable: str | None = None
    before: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    command: str | None = None
    file: str | None = None
    line: int | None = None
    call: str | None = None


class CompiledSource(Shape, frozen=True, kw_only=True):
    """One CUDA source as a build folder's commands compile it."""

    path: str | None = None
    extension: str | None = None
    architectures: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None


class SourceDifference(Shape, frozen=True, kw_only=True):
    """A source that a build folder compiles for other architectures than the build scripts decide today."""

    path: str | None = None
    extension: str | None = None
    planned: tuple[str, ...] | None = None
    compiled: tuple[str, ...] | None = None


class Configured(Shape, frozen=True, kw_only=True):
    """A build folder, as it was configured."""

    folder: str | None = None
    source: str | None = None
    files: tuple[str, ...] | None = None
    older_than: tuple[str, ...] | None = None
    generator: str | None = None
    cuda_version: str | None = None
    nvcc: str | None = None
    torch: str | None = None
    request: tuple[str, ...] | None = None
    request_variable: str | None = None
    architectures: tuple[str, ...] | None = None
    sources: tuple[CompiledSource, ...] | None = None
    generated: tuple[str, ...] | None = None
    differences: tuple[SourceDifference, ...] | None = None
    not_compiled: tuple[str, ...] | None = None
    not_planned: tuple[str, ...] | None = None


class ArchitectureCount(Shape, frozen=True, kw_only=True):
    """How many sources are planned for an architecture, and how many fatbins have it."""

    architecture: str | None = None
    planned: int | None = None
    found: int | None = None


class BuiltExtension(Shape, frozen=True, kw_only=True):
    """An extension of the plan, as an examined binary has it."""

    extension: str | None = None
    binary: str | None = None
    compared_by: str | None = None
    counts: tuple[ArchitectureCount, ...] | None = None
    differences: tuple[SourceDifference, ...] | None = None
    missing: tuple[str, ...] | None = None
    generated: int | None = None
    unplanned: tuple[str, ...] | None = None


class Plan(Shape, frozen=True, kw_only=True):
    """What the build scripts decide."""

    source: str | None = None
    cuda_version: str | None = None
    request: tuple[str, ...] | None = None
    supported: SupportedList | None = None
    architectures: tuple[str, ...] | None = None
    features: tuple[Feature, ...] | None = None
    sources: tuple[PlannedSource, ...] | None = None
    extensions: tuple[Extension, ...] | None = None
    steps: tuple[Step, ...] | None = None
    builder: str | None = None
    spelt: tuple[str, ...] | None = None
    variables: tuple[str, ...] | None = None
    rejected: tuple[str, ...] | None = None
    configured: tuple[Configured, ...] | None = None
    built: tuple[BuiltExtension, ...] | None = None
    made_for: tuple[str, ...] | None = None
    made_for_cuda: str | None = None
    platform: str | None = None
    hip_architectures: tuple[str, ...] | None = None
    hip_request: tuple[str, ...] | None = None
    hip_supported: SupportedList | None = None
    cutlass: tuple[CutlassCopy, ...] | None = None
    gencode: tuple[str, ...] | None = None
