"""What differs between two plans of one tree, as the JSON report of version 1 promises it. Kept apart from the core."""

from __future__ import annotations

from buildDoctor.faces.reports.json_v1_shape import Shape


class PlanInputs(Shape, frozen=True, kw_only=True):
    """What a plan is asked with, and what of that is left for the build."""

    cuda: str
    """The toolkit's version."""
    request: tuple[str, ...]
    """The architectures that the build is asked for."""
    supported: tuple[str, ...] | None = None
    """The project's list of supported architectures; absent where it has none."""
    architectures: tuple[str, ...] | None = None
    """What is left of the request; absent where that is not known."""


class FeatureChange(Shape, frozen=True, kw_only=True):
    """A feature that gets other architectures, or is built in one of the plans only."""

    name: str
    """Its name."""
    variable: str
    """Its list."""
    before: tuple[str, ...]
    """What it gets in the first plan; nothing where it is not built."""
    after: tuple[str, ...]
    """What it gets in the second plan."""
    gained: tuple[str, ...]
    """The capabilities that it serves better in the second plan."""
    lost: tuple[str, ...]
    """The capabilities that it serves less well in the second plan, or not at all."""


class SourceChange(Shape, frozen=True, kw_only=True):
    """A source that is compiled for other architectures."""

    path: str
    """Relative to the source tree."""
    extension: str
    """The extension that it goes into."""
    before: tuple[str, ...] | None = None
    """What it is compiled for in the first plan; absent where it is not compiled."""
    after: tuple[str, ...] | None = None
    """What it is compiled for in the second plan; absent where it is not compiled."""
    gained: tuple[str, ...]
    """The capabilities that it serves better in the second plan."""
    lost: tuple[str, ...]
    """The capabilities that it serves less well in the second plan, or not at all."""


class PlanChanges(Shape, frozen=True, kw_only=True):
    """What differs between two plans of one tree; what is the same is left out."""

    before: PlanInputs
    """The plan as it is."""
    after: PlanInputs
    """The plan after the changes."""
    features: tuple[FeatureChange, ...]
    """In the order of the scripts."""
    sources: tuple[SourceChange, ...]
    """By extension, in the order of the scripts."""
    patch: str
    """The changes of scripts, as a unified diff; empty when no script changes."""
