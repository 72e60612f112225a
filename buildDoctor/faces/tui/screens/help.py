"""Every key that works now, to be searched and executed."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from buildDoctor.faces.tui.widgets.key_bar import KeyBar
from buildDoctor.faces.tui.widgets.search_input import SearchInput

_KEY_COLUMN = 10
_LEGEND = Path(__file__).with_name("legend.txt")


class HelpScreen(ModalScreen[ActiveBinding | None]):
    """Answers with the key that was chosen, or nothing."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "back", key_display="esc"),
    ]

    def __init__(self, keys: tuple[tuple[str, ActiveBinding], ...]) -> None:
        """Show what each key does.

        Args:
            keys: how the key is written, and what it does.
        """
        super().__init__()
        self._keys = keys
        self._listed: list[ActiveBinding] = []

    def compose(self) -> ComposeResult:
        """The search, the keys, and how to read the screen."""
        with Vertical():
            yield SearchInput("what do you want to do?")
            yield OptionList(markup=False)
            yield Static(_LEGEND.read_text(encoding="utf-8").rstrip(), markup=False, id="legend")
        yield KeyBar()

    def on_mount(self) -> None:
        """List every key."""
        self._search("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """List the keys whose words match."""
        self._search(event.value)

    def _search(self, wanted: str) -> None:
        matcher = Matcher(wanted)
        scored = [(matcher.match(_words(active)) if wanted else 1.0, key, active) for key, active in self._keys]
        found = sorted((one for one in scored if one[0]), key=lambda one: -one[0])
        self._listed = [active for _, _, active in found]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_line(key, active)) for _, key, active in found)
        options.highlighted = 0 if found else None

    def on_search_input_moved(self, event: SearchInput.Moved) -> None:
        """Move through the list while the search has the focus."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if event.step > 0 else options.action_cursor_up()

    def on_input_submitted(self) -> None:
        """Answer with what is highlighted."""
        self._answer()

    def on_option_list_option_selected(self) -> None:
        """Answer with what was clicked."""
        self._answer()

    def _answer(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._listed[highlighted])


def _words(active: ActiveBinding) -> str:
    return active.binding.tooltip or active.binding.description


def _line(key: str, active: ActiveBinding) -> Content:
    return Content.assemble((key.ljust(_KEY_COLUMN), "bold $text-accent"), _words(active))
