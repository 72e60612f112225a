"""A scrolling page whose text is laid out anew for each width."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

_SCROLL = Binding.Group("scroll", compact=True)


def nothing(text: str, _width: int) -> Content:
    """One sentence, where there is nothing to lay out."""
    return Content(text)


class Page(VerticalScroll):
    """Shows what a function makes of a width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "down", group=_SCROLL, tooltip="Scroll down (also ↓, and pages with PgDn)"),
        Binding("k", "scroll_up", "up", group=_SCROLL, tooltip="Scroll up (also ↑, and pages with PgUp)"),
    ]

    def __init__(self, layout: Callable[[int], Content], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._layout_text = layout
        self._laid_out_for = 0
        self._lines = -1

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def on_resize(self) -> None:
        """Lay the text out when the width is another one."""
        if self.scrollable_content_region.width != self._laid_out_for:
            self.lay_out()

    def show(self, layout: Callable[[int], Content]) -> None:
        """Show another text, from its beginning."""
        self._layout_text = layout
        self.scroll_home(animate=False)
        self.lay_out()

    def lay_out(self) -> None:
        """Make the text for the present width."""
        width = self.scrollable_content_region.width
        if self.is_mounted and width:
            self._laid_out_for = width
            text = self._layout_text(width)
            lines = text.plain.count("\n")
            # Where the height stays, the other widgets need not be laid out and drawn anew.
            self.query_one(Static).update(text, layout=lines != self._lines)
            self._lines = lines
