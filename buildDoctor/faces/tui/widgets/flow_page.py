"""What is said about one row of the flow, laid out for a width."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.flow import Cell, Row, State
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.wording import flow_words
from buildDoctor.faces.wording.places import Place

Excerpt = Callable[[Place], tuple[tuple[int, str], ...]]
"""The lines of a file around a place, each with its number."""

_LABEL = 18
_STYLES = {State.KEPT: "$text-success", State.LOST: QUIET, State.NOT_SEEN: "$text-primary", State.BY_DESIGN: QUIET}


def flow_page(row: Row, chosen: Cell | None, evidence: Evidence, excerpt: Excerpt, width: int) -> Content:
    """The way of a kernel, layer by layer, and all about the chosen layer."""
    sheet = Sheet(width)
    loss = row.first_loss
    sheet.labelled("✗" if loss else "·", "bold $text-error" if loss else QUIET, f"{flow_words.row_sentence(row)}.")
    sheet.blank()
    for cell in row.cells:
        _layer(sheet, cell, row, chosen=cell is chosen)
    if chosen:
        _explain(sheet, chosen, row, evidence, excerpt)
    return sheet.content()


def _layer(sheet: Sheet, cell: Cell, row: Row, *, chosen: bool) -> None:
    first = cell is row.first_loss
    label = f"{'▸' if chosen else ' '} {flow_words.sign(cell, row)} {cell.layer.value.ljust(_LABEL)}"
    style = "bold $text-error" if first else _STYLES[cell.state]
    tail = "   (the first loss)" if first else ""
    sheet.labelled(
        label, f"{style}{' bold' if chosen else ''}", f"{wording.visible(cell.value)}{tail}", text_style=style
    )


def _explain(sheet: Sheet, cell: Cell, row: Row, evidence: Evidence, excerpt: Excerpt) -> None:
    sheet.heading(f"The layer {cell.layer.value}")
    sheet.text(f"It says {flow_words.layer_words(cell.layer)}: {wording.visible(cell.value)}.", indent="  ")
    sheet.text(flow_words.cell_source(cell, evidence), QUIET, indent="  ")
    if place := flow_words.place_of(cell.path, evidence):
        add_excerpt(sheet, excerpt(place), place.line)
    if cell is row.first_loss:
        _steps(sheet, row, evidence)


def add_excerpt(sheet: Sheet, lines: tuple[tuple[int, str], ...], marked: int) -> None:
    """Add lines of a file, one of them marked."""
    if lines:
        sheet.blank()
    for number, text in lines:
        mark = "▸" if number == marked else " "
        shown = wording.visible(text, lines=True)
        sheet.code(f"{mark}{number:5} │ {shown}", "bold" if number == marked else QUIET, indent="  ")


def _steps(sheet: Sheet, row: Row, evidence: Evidence) -> None:
    """Which commands took it out of a list."""
    steps = flow_words.steps_that_take(evidence.plan, row.capability)
    if steps:
        sheet.heading(f"Commands that take {wording.visible(row.capability)} out of a list")
    for step in steps:
        where, effect = flow_words.step_lines(step)
        sheet.text(where, indent="  ", hanging="      ")
        sheet.text(effect, QUIET, indent="    ", hanging="      ")
