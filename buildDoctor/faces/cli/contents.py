"""What is inside a file, as text: a line about it, its device code as a table, and its host side."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.evidence import Binary
from buildDoctor.faces.cli.architecture_table import architecture_table
from buildDoctor.faces.cli.host_lines import host_lines
from buildDoctor.faces.cli.kernel_table import kernel_table, resource_table
from buildDoctor.faces.cli.unit_table import unit_table, verdict_of, verdict_table
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import counted, visible
from buildDoctor.faces.wording.verdict_words import verdict_meaning


class By(StrEnum):
    """What a row of the table is."""

    ARCHITECTURE = "architecture"
    UNIT = "unit"
    KERNEL = "kernel"


class Shown(Struct, frozen=True, kw_only=True):
    """What of a file is shown, and how."""

    tables: tuple[By, ...]
    capabilities: tuple[str, ...] = ()
    """Those whose GPUs the user asks about."""
    architecture: str | None = None
    """Only what is made for this architecture; `9.0+PTX` for PTX."""
    is_filtered: bool = False
    """Whether only kernels of some name are asked for: of a file without one there is then nothing to show."""
    resources: bool = False
    """Whether to show what each kernel takes."""
    width: int = 80
    """The columns of the terminal."""


def contents(binary: Binary, shown: Shown) -> str:
    """What a file holds."""
    if shown.is_filtered and By.KERNEL in shown.tables and not binary.kernels:
        return f"{_head(binary)}\n\nno kernel matches\n"
    blocks = [_head(binary), *_device(binary, shown), *_elsewhere(binary, shown.width)]
    if binary.host is not None and shown.tables == (By.ARCHITECTURE,):
        blocks.append("\n".join(host_lines(binary.host, shown.width)))
    return "\n\n".join(block.rstrip() for block in blocks if block) + "\n"


def _head(binary: Binary) -> str:
    images, units = binary.images or (), binary.units or ()
    counts = f"{counted(len(images), 'image')} in {counted(len(units), 'unit')}" if images else "no device code"
    return f"{visible(binary.path or '')}\n  {binary.size_bytes or 0:,} bytes, {counts}"


def _device(binary: Binary, shown: Shown) -> Iterator[str]:
    """The tables that are asked for."""
    if By.ARCHITECTURE in shown.tables and binary.images:
        yield architecture_table(binary.images, shown.architecture)
    if By.UNIT in shown.tables and binary.units:
        yield unit_table(binary, shown.capabilities, shown.architecture, shown.width)
    if shown.capabilities and binary.units and shown.tables != (By.KERNEL,):
        yield verdict_table(binary.units, shown.capabilities)
    if By.KERNEL in shown.tables and shown.resources:
        yield resource_table(binary.kernels or (), shown.architecture, shown.width)
    elif By.KERNEL in shown.tables:
        yield kernel_table(binary, shown.capabilities, shown.architecture, shown.width)
    verdicts = {verdict_of(unit, capability) for unit in binary.units or () for capability in shown.capabilities}
    if Verdict.NOT_PROMISED.value in verdicts:
        yield f"{Verdict.NOT_PROMISED.value}: {verdict_meaning(Verdict.NOT_PROMISED)}"


def _elsewhere(binary: Binary, width: int) -> Iterator[str]:
    """Device code that the driver is not given when the file is loaded."""
    ways = {"device-link": "a device link must join it first", "library": "the file's own code hands it over"}
    for section in binary.other_sections or ():
        kinds = sorted({f"{image.kind} {image.architecture}" for image in section.images or ()})
        words = f"also in {visible(section.name or 'the file')}: {counted(len(section.images or ()), 'image')}"
        text = f"{words} ({', '.join(kinds)}); {ways.get(section.reached or '', 'not loaded with the file')}"
        yield "\n".join(wrapped(text, width, "", "  "))
