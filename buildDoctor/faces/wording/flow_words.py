"""The words for what is left of a kernel at each layer."""

from __future__ import annotations

from collections.abc import Iterator

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Evidence, Plan, Step
from buildDoctor.core.flow import Cell, Layer, Row, State
from buildDoctor.core.reporting.composing import reason_for, source_of
from buildDoctor.faces.wording.places import Place, place_in
from buildDoctor.faces.wording.plain import counted, visible

STATE_SIGNS = {State.KEPT: "✓", State.LOST: "·", State.NOT_SEEN: "?", State.BY_DESIGN: "–"}  # noqa: RUF001 - a dash
"""A sign for each state. The first loss has `FIRST_LOSS`; what follows it could not be otherwise."""
FIRST_LOSS = "✗"

TITLES = {
    **{layer: layer.value for layer in Layer},
    Layer.FEATURE: "own list",
    Layer.COMPILE: "compile",
    Layer.ENTRY: "entry",
}
"""Titles for columns with values."""

SHORT_LAYERS = {
    Layer.GPU: "GPU",
    Layer.TOOLKIT: "kit",
    Layer.TORCH: "torch",
    Layer.REQUEST: "asked",
    Layer.SUPPORTED: "supp.",
    Layer.FEATURE: "own",
    Layer.COMPILE: "comp.",
    Layer.IMAGE: "image",
    Layer.ENTRY: "entry",
}
"""Titles for narrow columns."""

_LAYER_WORDS = {
    Layer.GPU: "what the kernel is to run on",
    Layer.TOOLKIT: "whether this CUDA compiles for the GPU at all",
    Layer.TORCH: "what torch itself was built for and can serve the GPU with",
    Layer.REQUEST: "what the build is asked for and can serve the GPU",
    Layer.SUPPORTED: "what the project's list of supported architectures leaves of the request",
    Layer.FEATURE: "what the block's own list leaves of that",
    Layer.COMPILE: "how many of the sources are compiled for the GPU",
    Layer.IMAGE: "what the shared objects hold",
    Layer.ENTRY: "whether the functions that are called have a kernel behind them",
}
_MOST_STEPS = 6


def row_title(row: Row) -> str:
    """What a row is about: `12.0 NVFP4`."""
    return f"{visible(row.capability)} {visible(row.feature) or 'plain sources'}"


def row_sentence(row: Row) -> str:
    """What happens to it on its way."""
    subject = f"{visible(row.feature) or 'The code of the plain sources'} on {visible(row.capability)}"
    if row.first_loss:
        return f"{subject} is lost at the layer {row.first_loss.layer.value}"
    if is_by_design(row):
        return f"{subject} is not meant to be there"
    if any(cell.state is State.NOT_SEEN for cell in row.cells):
        return f"{subject} arrives as far as could be seen"
    return f"{subject} arrives"


def is_by_design(row: Row) -> bool:
    """Whether it is not written for the GPU."""
    return any(cell.state is State.BY_DESIGN for cell in row.cells)


def sign(cell: Cell, row: Row) -> str:
    """The sign of a cell; the first loss has its own."""
    return FIRST_LOSS if cell is row.first_loss else STATE_SIGNS[cell.state]


def cell_words(cell: Cell, row: Row) -> str:
    """A cell with its sign: `✓ 12.0a`."""
    return f"{sign(cell, row)} {visible(cell.value)}"


def short_words(cell: Cell, row: Row) -> str:
    """The same without what the title of its column says."""
    value = "not meant" if cell.state is State.BY_DESIGN else cell.value
    value = value.removeprefix("CUDA ").removesuffix(" sources").rpartition(": ")[2]
    return f"{sign(cell, row)} {visible(value)}"


def layer_words(layer: Layer) -> str:
    """What a layer is."""
    return _LAYER_WORDS[layer]


def cell_source(cell: Cell, evidence: Evidence) -> str:
    """Where a cell is read from, or why it was not seen."""
    if cell.state is State.NOT_SEEN:
        return visible(reason_for(cell.path, evidence.not_seen) or "it was not looked at")
    return f"from {visible(source_of(cell.path, evidence.origins))}"


def place_of(path: str, evidence: Evidence) -> Place | None:
    """Where the value of a path stands, when that is a line of a file."""
    return place_in(source_of(path, evidence.origins))


def ordered(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """What is lost first, what is not meant to be there last; otherwise in the order of the scripts."""
    return tuple(sorted(rows, key=lambda row: 0 if row.first_loss else 2 if is_by_design(row) else 1))


def has_gaps(rows: tuple[Row, ...]) -> bool:
    """Whether a layer could not be examined."""
    return any(cell.state is State.NOT_SEEN for row in rows for cell in row.cells)


def summary(rows: tuple[Row, ...]) -> str:
    """How many rows are lost, and how many are not meant."""
    lost = sum(row.first_loss is not None for row in rows)
    unmeant = sum(map(is_by_design, rows))
    parts = [f"{lost} of {counted(len(rows), 'row')} lost"]
    return "; ".join([*parts, *([f"{unmeant} not written for the GPU"] if unmeant else [])])


def line(row: Row) -> str:
    """A row in one line, fit for a message to a colleague."""
    cells = "; ".join(f"{cell.layer.value}: {visible(cell.value)}" for cell in row.cells)
    return f"{row_sentence(row)} ({cells})"


def steps_that_take(plan: Plan | None, capability: str) -> tuple[Step, ...]:
    """The first changes of lists that take an architecture of a capability out, and put none back in."""
    found = (step for step in (plan.steps if plan else None) or () if _takes(step, capability))
    return tuple(step for step, _number in zip(found, range(_MOST_STEPS), strict=False))


def _takes(step: Step, capability: str) -> bool:
    before, after = set(step.before or ()), set(step.after or ())
    return any(_is_of(gone, capability) for gone in before - after) and not any(
        _is_of(come, capability) for come in after - before
    )


def _is_of(architecture: str, capability: str) -> bool:
    try:
        return parse(architecture).base == capability
    except ArchitectureError:
        return False


def step_lines(step: Step) -> Iterator[str]:
    """A change of a list: where, the command, and what it leaves."""
    yield f"{visible(step.file or '')}:{step.line}  {visible(step.command or '')}"
    before, after = (visible(";".join(items or ())) or "empty" for items in (step.before, step.after))
    yield f"{visible(step.variable or '')}: {before} -> {after}"
