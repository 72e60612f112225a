"""What the screens behind the tabs have in common: two panes, a filter, and the keys that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.messages import CopyWanted, ExportWanted, OpenWanted
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.state import Examining, State, evidence_of, report_of, seen_so_far
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.key_bar import KeyBar
from buildDoctor.faces.tui.widgets.notice import Notice
from buildDoctor.faces.tui.widgets.tab_bar import TabBar
from buildDoctor.faces.wording.places import Place

if TYPE_CHECKING:
    from buildDoctor.faces.wording.export import Table

LOG = "Log"
TITLES = ("Findings", "Flow", "Kernels", "Plan", "Rules", LOG)
"""What the screens are called, in their order."""
COPY = Binding.Group("copy", compact=True)
"""The keys that copy, together in the line of keys."""
_NEXT = Binding.Group("next", compact=True)
_NEED_PANES = frozenset({"filter", "next", "copy_line", "export", "open_place"})


def titles_in(state: State, present: str) -> tuple[str, ...]:
    """The screens that there are in a state; that of the log only with a log, or while one looks at it."""
    evidence = evidence_of(state)
    has_log = present == LOG or (evidence is not None and evidence.log is not None)
    return TITLES if has_log else tuple(title for title in TITLES if title != LOG)


class TabScreen(Screen[None]):
    """One of the screens behind the tabs: a list, and what is said about the chosen row of it."""

    TITLE: ClassVar[str] = ""
    NOUN: ClassVar[str] = "row"
    """What the filter counts."""
    FILLS_EARLY: ClassVar[bool] = False
    """Whether it shows what was seen while the examination still runs."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", key_display="esc", tooltip="Go back, or clear the filter", id="back"),
        Binding("backspace", "back", "back", show=False),
        Binding("slash", "filter", "find", key_display="/", tooltip="Filter the list by words", id="filter"),
        Binding("n", "next(1)", "next", group=_NEXT, tooltip="Choose the next that needs a look", id="next"),
        Binding("N", "next(-1)", "previous", group=_NEXT, tooltip="Choose the one before", id="previous"),
        Binding("y", "copy_line", "copy", group=COPY, tooltip="Copy the chosen row in one line", id="copy"),
        Binding("e", "export", "export", tooltip="Write what is listed to a file", id="export"),
        Binding("o", "open_place", "editor", tooltip="Open the file at the line in $EDITOR", id="editor"),
        Binding("at", "app.known", "how known", key_display="@", tooltip="See how each thing is known", id="known"),
        Binding("tab", "app.next_tab(1)", "next screen", show=False, tooltip="Go to the next screen"),
        Binding("shift+tab", "app.next_tab(-1)", "screen before", show=False, tooltip="Go to the screen before"),
    ]

    state: reactive[State] = reactive[State](Examining())
    """What the screen is about."""

    def __init__(self, state: State, services: Services) -> None:
        super().__init__()
        self.services = services
        self.wanted = ""
        self._detail_waits = False
        self.set_reactive(TabScreen.state, state)

    def compose(self) -> ComposeResult:
        """Everything at once; the state decides what is displayed."""
        yield TabBar(titles_in(self.state, self.TITLE), self.TITLE)
        yield from self.compose_head()
        yield FilterLine(self.NOUN)
        with Container(id="panes"):
            yield from self.compose_panes()
        yield Notice().data_bind(TabScreen.state)
        yield KeyBar()

    def compose_head(self) -> Iterable[Widget]:
        """What stands on top."""
        return ()

    def compose_panes(self) -> Iterable[Widget]:
        """The list, and what is said about its chosen row."""
        return ()

    def show_detail(self) -> None:
        """Show what is said about the chosen row."""

    def on_line_table_chosen(self) -> None:
        """Show what is said about the row, but the cursor first: laying out a text takes longer than moving it."""
        if not self._detail_waits:
            self._detail_waits = True
            self.call_after_refresh(self._show_waiting_detail)

    def _show_waiting_detail(self) -> None:
        self._detail_waits = False
        self.show_detail()

    def missing(self, _report: Report) -> str | None:
        """Why there is nothing to show of a report; nothing when there is something."""
        return None

    def say_first(self) -> None:
        """Say again what stands on top, as the same evidence is in another state."""

    def fill(self, report: Report | None) -> None:
        """Show a report, as far as the filter lets it through."""

    @property
    def list_pane(self) -> Widget:
        """The list."""
        return self.query_one("#list")

    @property
    def detail_pane(self) -> Widget:
        """What is said about the chosen row."""
        return self.query_one("#detail")

    @property
    def report(self) -> Report | None:
        """The report, when there is one; while it is being made, what was seen so far, where the screen shows that."""
        return report_of(self.state) or (seen_so_far(self.state) if self.FILLS_EARLY else None)

    def so_far(self, words: str) -> str:
        """Words about a report, with a warning while it is being made."""
        return f"{words}; still examining" if isinstance(self.state, Examining) else words

    @property
    def is_shown(self) -> bool:
        """Whether the panes are displayed."""
        return self.has_class("-found")

    @property
    def is_reading(self) -> bool:
        """Whether the chosen row has the focus."""
        return self.has_class("-reading")

    def on_mount(self) -> None:
        """Display what belongs to the first state, which no change announces."""
        self.display_state()

    def watch_state(self, before: State, state: State) -> None:
        """Display what belongs to the new state; where nothing new was seen, the panes stay as the user has them."""
        # A report may come while the app is being left.
        if not self.is_mounted or not self.is_attached:
            return
        self.query_one(TabBar).titles = titles_in(state, self.TITLE)
        if isinstance(before, Examining) and evidence_of(before) is evidence_of(state):
            if self.is_shown and self.FILLS_EARLY:
                self.say_first()
                return
            if isinstance(state, Examining):
                return
        self.display_state()

    def display_state(self) -> None:
        """Display what belongs to the state."""
        report = self.report
        why = self.missing(report) if report else ""
        self.set_class(why is None, "-found")
        self.remove_class("-reading")
        self.query_one(Notice).missing = why or ""
        self.fill(report if why is None else None)
        (self.list_pane if why is None else self.query_one(Notice)).focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer only what has an effect now."""
        if action == "back":
            return self.can_go_back()
        if action == "filter" and isinstance(self.focused, Input):
            return False
        return self.is_shown or action not in _NEED_PANES

    def can_go_back(self) -> bool:
        """Whether there is something to go back to on this screen."""
        return self.is_reading or self.has_class("-filtering")

    def read(self, *, reading: bool) -> None:
        """Give the chosen row the focus, and in a narrow terminal the whole height; or go back to the list."""
        self.set_class(reading, "-reading")
        (self.detail_pane if reading else self.list_pane).focus()
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """Follow the focus when a click moves it."""
        if self.is_shown:
            self.set_class(self.focused is self.detail_pane, "-reading")
        self.refresh_bindings()

    def action_back(self) -> None:
        """Leave the chosen row; in the list, clear the filter. Never quits."""
        if self.is_reading:
            self.read(reading=False)
        elif self.has_class("-filtering"):
            self.query_one(FilterLine).action_clear()

    def action_filter(self) -> None:
        """Open the filter."""
        self.read(reading=False)
        self.add_class("-filtering")
        self.query_one(FilterLine).query_one(Input).focus()

    def on_filter_line_changed(self, event: FilterLine.Changed) -> None:
        """List what the filter matches."""
        self.wanted = event.wanted
        self.fill(self.report)

    def on_filter_line_done(self, event: FilterLine.Done) -> None:
        """Go to the list; an empty filter disappears."""
        self.set_class(bool(event.wanted), "-filtering")
        self.list_pane.focus()
        self.refresh_bindings()

    def line_to_copy(self) -> str | None:
        """The chosen row in one line."""
        return None

    def place_to_open(self) -> Place | None:
        """The line of a file that the chosen row is about."""
        return None

    def table_to_export(self) -> Table | None:
        """What is listed."""
        return None

    def choose_next(self, _step: int) -> str:
        """Choose the next row that needs a look; what to say when there is none."""
        return ""

    def action_next(self, step: int) -> None:
        """Choose the next row that needs a look."""
        if said := self.choose_next(step):
            self.say(said)

    def action_copy_line(self) -> None:
        """Copy the chosen row."""
        if line := self.line_to_copy():
            self.post_message(CopyWanted(line, "the row in one line"))

    def action_export(self) -> None:
        """Write what is listed to a file."""
        if table := self.table_to_export():
            self.post_message(ExportWanted(table))

    def action_open_place(self) -> None:
        """Open the line in the user's editor."""
        place = self.place_to_open()
        if place:
            self.post_message(OpenWanted(place))
        else:
            self.say("This row is about no line of a file.")

    def say(self, text: str) -> None:
        """Show a short message."""
        self.notify(text, timeout=4, markup=False)
