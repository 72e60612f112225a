"""Shows what would be done, and asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from buildDoctor.faces.tui.widgets.key_bar import KeyBar
from buildDoctor.faces.tui.widgets.page import Page


class ConfirmScreen(ModalScreen[bool]):
    """Answers whether it is to be done. Only the key that says so agrees.

    Args:
        layout: what would be done, laid out for a width.
        done: what agreeing is called, such as `change the file`.
    """

    CSS_PATH = "confirm.tcss"
    AUTO_FOCUS = "Page"

    def __init__(self, layout: Callable[[int], Content], done: str) -> None:
        super().__init__()
        self._layout_text = layout
        self._bindings.bind("w", "agree", done)
        self._bindings.bind("escape", "refuse", "do nothing", key_display="esc")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("backspace,n", "refuse", "do nothing", show=False)]

    def compose(self) -> ComposeResult:
        """What would be done."""
        with Vertical():
            yield Page(self._layout_text)
        yield KeyBar()

    def action_agree(self) -> None:
        """Answer yes."""
        self.dismiss(result=True)

    def action_refuse(self) -> None:
        """Answer no."""
        self.dismiss(result=False)
