"""Asks for the name of a file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from buildDoctor.faces.tui.widgets.key_bar import KeyBar


class AskScreen(ModalScreen[Path | None]):
    """Answers with the file to write, or nothing. A file that is there has to be confirmed.

    Args:
        question: what is asked.
        proposed: the name that stands there already.
        hint: what else one should know.
    """

    CSS_PATH = "ask.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "write", key_display="⏎", tooltip="Write the file"),
        Binding("escape", "dismiss", "do not write", key_display="esc", tooltip="Write nothing"),
    ]

    def __init__(self, question: str, proposed: str, hint: str = "") -> None:
        super().__init__()
        self._question, self._proposed, self._hint = question, proposed, hint
        self._warned_of: Path | None = None

    def compose(self) -> ComposeResult:
        """The question, the answer, the hint."""
        with Vertical():
            yield Static(self._question, markup=False, id="question")
            yield Input(self._proposed, select_on_focus=False)
            yield Static(self._hint, markup=False, id="hint")
        yield KeyBar()

    def on_input_submitted(self) -> None:
        """Answer, unless there is a file that would be replaced."""
        path = Path(self.query_one(Input).value.strip()).expanduser()
        if not path.name or path.is_dir():
            self._warn("Name a file.")
        elif path.exists() and path != self._warned_of:
            self._warned_of = path
            self._warn("The file is there already. Enter again replaces it.")
        else:
            self.dismiss(path)

    def _warn(self, text: str) -> None:
        self.query_one("#hint", Static).update(Content.styled(text, "bold $text-warning"))
