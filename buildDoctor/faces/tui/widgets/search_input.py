"""A line to type words into, from which a list beneath can be moved through."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

_CHOOSE = Binding.Group("choose", compact=True)


class SearchInput(Input):
    """An input that shows its keys in the footer. Enter submits; up and down are for the list beneath.

    Args:
        placeholder: What is shown while nothing is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", key_display="↑", group=_CHOOSE),
        Binding("down", "move(1)", "down", key_display="↓", group=_CHOOSE),
        Binding("enter", "submit", "go", key_display="⏎", tooltip="Take it"),
    ]

    class Moved(Message):
        """Another line of the list is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step
            """1 for the next, -1 for the previous."""

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, id=id)

    def action_move(self, step: int) -> None:
        """Ask for another line of the list."""
        self.post_message(self.Moved(step))
