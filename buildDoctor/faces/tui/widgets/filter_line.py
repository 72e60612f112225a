"""The filter above the list."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label

from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.search_input import SearchInput


class FilterLine(Horizontal):
    """A line to type words into; says how many rows have them all.

    Args:
        noun: what a row is called.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "no filter", key_display="esc", tooltip="Clear the filter"),
    ]
    DEFAULT_CSS = """
    FilterLine {
        height: 1;
        padding: 0 1;
        Label { width: auto; }
        SearchInput { width: 1fr; }
    }
    """

    found: reactive[int] = reactive(0)
    """How many rows match."""

    class Changed(Message):
        """Other words are wanted."""

        def __init__(self, wanted: str) -> None:
            super().__init__()
            self.wanted = wanted
            """The words."""

    class Done(Message):
        """The typing is over."""

        def __init__(self, wanted: str) -> None:
            super().__init__()
            self.wanted = wanted
            """The words that stay."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def compose(self) -> ComposeResult:
        """A sign, the words and the count."""
        yield Label("/ ", markup=False)
        yield SearchInput(f"words that the {self._noun} has")
        yield Label("", id="found", markup=False)

    def watch_found(self, found: int) -> None:
        """Say how many match."""
        self.query_one("#found", Label).update(wording.counted(found, self._noun))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the words."""
        event.stop()
        self.post_message(self.Done(event.value))

    def on_search_input_moved(self, event: SearchInput.Moved) -> None:
        """Go to the list, keeping the words."""
        event.stop()
        self.post_message(self.Done(self.query_one(Input).value))

    def action_clear(self) -> None:
        """Forget the words, and say that the typing is over."""
        self.query_one(Input).value = ""
        self.post_message(self.Done(""))
