"""A page that lies above a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from buildDoctor.faces.tui.widgets.key_bar import KeyBar
from buildDoctor.faces.tui.widgets.page import Page


class PlainScreen(Screen[None]):
    """Shows a text; leaves by each key for back.

    Args:
        layout: the text, laid out for a width.
    """

    CSS_PATH = "plain.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Back to where you were"),
        Binding("backspace,left", "dismiss", "back", show=False),
        Binding("tab", "app.next_tab(1)", "next screen", show=False),
        Binding("shift+tab", "app.next_tab(-1)", "screen before", show=False),
    ]

    def __init__(self, layout: Callable[[int], Content]) -> None:
        super().__init__()
        self._layout_text = layout

    def compose(self) -> ComposeResult:
        """One page."""
        yield Page(self._layout_text)
        yield KeyBar()
