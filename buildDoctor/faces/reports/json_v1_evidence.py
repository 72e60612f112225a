"""The evidence as the JSON report of version 1 promises it. Kept apart from the core, so that the core may change.

A field that is absent was not seen; an empty list was looked at and holds nothing.

Its annotations are values, not texts: msgspec would evaluate 400 texts, which takes three times as long as all classes.
"""

from buildDoctor.faces.reports.json_v1_evidence_binary import Binary, Loader
from buildDoctor.faces.reports.json_v1_evidence_machine import (
    Cache,
    Driver,
    Environment,
    Gpu,
    HostCompiler,
    Live,
    Machine,
    Package,
    Python,
    System,
    Toolkit,
    Torch,
    Triton,
    Wheel,
)
from buildDoctor.faces.reports.json_v1_evidence_plan import Plan
from buildDoctor.faces.reports.json_v1_shape import Shape


class LogLine(Shape, frozen=True, kw_only=True):
    """A line of a log that shows a symptom, or that is an error by its form."""

    number: int | None = None
    text: str | None = None
    kind: str | None = None
    rules: tuple[str, ...] | None = None
    symptom: str | None = None
    values: tuple[str, ...] | None = None
    count: int | None = None


class Log(Shape, frozen=True, kw_only=True):
    """A log of a build or of a run."""

    path: str | None = None
    size_bytes: int | None = None
    line_count: int | None = None
    lines: tuple[LogLine, ...] | None = None


class ModelFormat(Shape, frozen=True, kw_only=True):
    """One number format of a model."""

    name: str | None = None
    part: str | None = None
    weight_bits: int | None = None
    activation_bits: int | None = None
    group_size: int | None = None


class ModelWay(Shape, frozen=True, kw_only=True):
    """One way to compute with a format on a GPU."""

    name: str | None = None
    needs: str | None = None
    native: bool | None = None
    hardware: bool | None = None
    build: str | None = None


class ModelRequirement(Shape, frozen=True, kw_only=True):
    """What one format of a model needs on GPUs of one capability."""

    format: str | None = None
    capability: str | None = None
    ways: tuple[ModelWay, ...] | None = None
    best: str | None = None
    native: bool | None = None


class Model(Shape, frozen=True, kw_only=True):
    """A model, from its configuration files; weights are not opened."""

    path: str | None = None
    architecture: str | None = None
    method: str | None = None
    experts: int | None = None
    formats: tuple[ModelFormat, ...] | None = None
    requires: tuple[ModelRequirement, ...] | None = None


class Origin(Shape, frozen=True, kw_only=True):
    """Where a value of the evidence comes from."""

    path: str
    source: str


class Evidence(Shape, frozen=True, kw_only=True):
    """All that was seen."""

    capabilities: tuple[str, ...] | None = None
    gpus: tuple[Gpu, ...] | None = None
    driver: Driver | None = None
    machine: Machine | None = None
    toolkits: tuple[Toolkit, ...] | None = None
    host_compiler: HostCompiler | None = None
    torch: Torch | None = None
    triton: Triton | None = None
    packages: tuple[Package, ...] | None = None
    caches: tuple[Cache, ...] | None = None
    python: Python | None = None
    live: Live | None = None
    system: System | None = None
    loader: Loader | None = None
    environment: Environment | None = None
    plan: Plan | None = None
    binaries: tuple[Binary, ...] | None = None
    wheels: tuple[Wheel, ...] | None = None
    log: Log | None = None
    model: Model | None = None
    origins: tuple[Origin, ...] = ()
