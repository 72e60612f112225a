"""The findings, grouped by severity, consequences indented beneath their causes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from buildDoctor.core.findings import Severity
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import SEVERITY_STYLES, Sheet

_MOVE = Binding.Group("move", compact=True)


class FindingList(OptionList):
    """A list in which one finding is highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "read", key_display="⏎", tooltip="Read the chosen finding", id="read"),
        Binding("right", "select", "read", show=False),
        Binding("j", "cursor_down", "down", group=_MOVE, tooltip="Choose the finding below (also ↓)"),
        Binding("k", "cursor_up", "up", group=_MOVE, tooltip="Choose the finding above (also ↑)"),
    ]

    groups: reactive[tuple[wording.Group, ...]] = reactive(())
    """What is listed."""

    class Chosen(Message):
        """Another finding is highlighted, or none."""

        def __init__(self, entry: wording.Entry | None) -> None:
            super().__init__()
            self.entry = entry
            """The highlighted finding."""

    class Opened(Message):
        """The highlighted finding is to be read."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(markup=False, id=id)
        self.border_title = "Findings"
        self._entries: list[wording.Entry | None] = []
        self._width = 0

    @property
    def chosen(self) -> wording.Entry | None:
        """The highlighted finding."""
        return None if self.highlighted is None else self._entries[self.highlighted]

    def choose_next(self, severity: Severity, step: int) -> bool:
        """Highlight the next finding of a severity, going around at the end; whether there is one.

        Args:
            severity: what to look for.
            step: 1 for the next, -1 for the previous.
        """
        start = -1 if self.highlighted is None else self.highlighted
        for distance in range(1, len(self._entries) + 1):
            number = (start + step * distance) % len(self._entries)
            entry = self._entries[number]
            if entry and entry.finding.severity is severity:
                self.highlighted = number
                return True
        return False

    def choose(self, rule: str) -> bool:
        """Highlight a rule's first finding; whether there is one."""
        for number, entry in enumerate(self._entries):
            if entry and entry.finding.rule == rule:
                self.highlighted = number
                return True
        return False

    def watch_groups(self) -> None:
        """List the findings, and keep the chosen one when it is still there."""
        chosen = self.chosen
        self._entries = [entry for group in self.groups for entry in (None, *group.entries)]
        self._fill()
        places = [number for number, entry in enumerate(self._entries) if entry]
        kept = [number for number in places if chosen and self._entries[number] == chosen]
        self.highlighted = next(iter(kept or places), None)
        self.post_message(self.Chosen(self.chosen))

    def on_resize(self, _event: Resize) -> None:
        """Wrap the titles anew when the width is another one."""
        if self.scrollable_content_region.width != self._width:
            highlighted = self.highlighted
            self._fill()
            self.highlighted = highlighted

    def _fill(self) -> None:
        self._width = self.scrollable_content_region.width
        self.clear_options()
        self.add_options(self._prompts(self._width))

    def _prompts(self, width: int) -> Iterator[Option]:
        for group in self.groups:
            yield Option(_header(group.severity), disabled=True)
            yield from (Option(_title(entry, width)) for entry in group.entries)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which finding is chosen."""
        event.stop()
        self.post_message(self.Chosen(self.chosen))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say that the finding is to be read."""
        event.stop()
        self.post_message(self.Opened())


def _header(severity: Severity) -> Content:
    return Content.styled(wording.group_line(severity), SEVERITY_STYLES[severity])


def _title(entry: wording.Entry, width: int) -> Content:
    """The severity's sign and the title, wrapped beside it."""
    sheet = Sheet(width)
    severity = entry.finding.severity
    indent = "  " * entry.depth
    sign = f"↳ {wording.SEVERITY_GLYPHS[severity]}" if entry.depth else wording.SEVERITY_GLYPHS[severity]
    title = wording.visible(entry.finding.title)
    sheet.labelled(sign, SEVERITY_STYLES[severity], title, indent=indent, text_style="")
    return sheet.content()
