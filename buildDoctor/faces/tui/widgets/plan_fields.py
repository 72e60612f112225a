"""The inputs of the plan, to be typed over."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from buildDoctor.faces.tui.widgets.search_input import SearchInput

FIELDS = ("cuda", "request", "supported", "wants")
"""The fields, in their order."""
_LABEL = 22


class PlanFields(Vertical):
    """A line for the toolkit, the request, the supported list and the own list of the chosen feature."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "done", key_display="esc", tooltip="Leave the fields; what was typed stays"),
    ]
    DEFAULT_CSS = """
    PlanFields {
        height: auto;
        padding: 0 1;
        Horizontal { height: 1; }
        Label { width: 22; color: $foreground-muted; }
        SearchInput { width: 1fr; }
        .-changed Label { color: $text-warning; text-style: bold; }
    }
    """

    class Edited(Message):
        """A field has another text."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name = name
            """Which of `FIELDS`."""
            self.text = text

    class Left(Message):
        """The typing is over."""

    def compose(self) -> ComposeResult:
        """A label and a text for each."""
        for name in FIELDS:
            with Horizontal(id=f"row-{name}"):
                yield Label("", markup=False)
                yield SearchInput("not known", id=name)

    def show(self, name: str, label: str, text: str, *, changed: bool, disabled: bool) -> None:
        """Show a field; what the user is typing is left alone.

        Args:
            name: which of `FIELDS`.
            label: what it is called.
            text: what stands in it.
            changed: whether it differs from the plan.
            disabled: whether it cannot be changed here.
        """
        row = self.query_one(f"#row-{name}")
        row.set_class(changed, "-changed")
        # The sign says it where there are no colours.
        shown = label if len(label) <= _LABEL - 3 else f"{label[: _LABEL - 4]}…"
        row.query_one(Label).update(f"{'*' if changed else ' '} {shown}")
        field = row.query_one(Input)
        field.disabled = disabled
        if field.value != text:
            with self.prevent(Input.Changed):
                field.value = text

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was typed."""
        event.stop()
        if event.input.has_focus:
            self.post_message(self.Edited(event.input.id or "", event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go back to the features."""
        event.stop()
        self.post_message(self.Left())

    def on_search_input_moved(self, event: SearchInput.Moved) -> None:
        """Go to the next field, and from the last to the features."""
        event.stop()
        fields = [one for one in self.query(Input) if not one.disabled]
        at = next((number for number, one in enumerate(fields) if one.has_focus), 0) + event.step
        if at >= len(fields):
            self.post_message(self.Left())
        else:
            fields[max(at, 0)].focus()

    def action_leave(self) -> None:
        """Go back to the features."""
        self.post_message(self.Left())

    def edit(self, name: str) -> None:
        """Give a field the focus."""
        self.query_one(f"#{name}", Input).focus()
