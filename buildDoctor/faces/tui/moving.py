"""Moving between the screens, the palette of keys, and the colours."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import ClassVar, TypeVar, cast

from textual.binding import ActiveBinding, Binding, BindingType

from buildDoctor.faces.tui.errands import Errands
from buildDoctor.faces.tui.messages import FindingWanted
from buildDoctor.faces.tui.screens.findings import FindingsScreen
from buildDoctor.faces.tui.screens.tab_screen import TITLES, TabScreen, titles_in
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.state import State
from buildDoctor.faces.tui.widgets.tab_bar import TabBar

_THEMES = ("textual-dark", "textual-light", "ansi-dark", "ansi-light")
Answer = TypeVar("Answer")


class Moving(Errands[Answer]):
    """An app of several screens.

    Args:
        state: what they are about.
        services: what can be asked of the outside.
    """

    # Opened at once: Textual would make an empty screen, draw it, and open the first one above it.
    DEFAULT_MODE = TITLES[0]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                str(number), f"go('{title}')", title, show=False, tooltip=f"Go to {title}", id=f"go.{title.lower()}"
            )
            for number, title in enumerate(TITLES, 1)
        ),
    ]

    def __init__(self, state: State, services: Services) -> None:
        super().__init__(services)
        self._shown = state
        self._tabs: dict[str, TabScreen] = {}
        # A screen is made when it is first looked at.
        for title in TITLES:
            self.add_mode(title, partial(self._screen, title))

    def _screen(self, title: str) -> TabScreen:
        """One of the screens, which lives as long as the app."""
        if title not in self._tabs:
            self._tabs[title] = screen_class(title)(self._shown, self.services)
        return self._tabs[title]

    def show_state(self, state: State) -> None:
        """Let every screen show another state."""
        self._shown = state
        for screen in self._tabs.values():
            screen.state = state
        self.refresh_bindings()

    def action_go(self, title: str) -> None:
        """Go to one of the screens."""
        self.switch_mode(title)

    def action_next_tab(self, step: int) -> None:
        """Go to the next of the screens, around at the end."""
        titles = titles_in(self._shown, self.current_mode)
        self.switch_mode(titles[(titles.index(self.current_mode) + step) % len(titles)])

    def on_tab_bar_wanted(self, message: TabBar.Wanted) -> None:
        """Go to the screen that was clicked."""
        self.switch_mode(message.title)

    async def on_finding_wanted(self, message: FindingWanted) -> None:
        """Go to the findings, at a rule."""
        await self.switch_mode(TITLES[0])
        screen = self._screen(TITLES[0])
        if isinstance(screen, FindingsScreen):
            screen.show_rule(message.rule)

    def action_next_theme(self) -> None:
        """Take the next theme."""
        at = _THEMES.index(self.theme) if self.theme in _THEMES else -1
        self.theme = _THEMES[(at + 1) % len(_THEMES)]
        self.notify(f"Theme: {self.theme}", timeout=2, markup=False)

    def action_help(self) -> None:
        """Search the keys that work here, and execute the chosen one."""
        from buildDoctor.faces.tui.screens.help import HelpScreen  # noqa: PLC0415  the first frame does without

        keys = tuple(
            (self.get_key_display(active.binding), active)
            for active in self.screen.active_bindings.values()
            if active.enabled and active.binding.tooltip and active.binding.action != "help"
        )
        self.push_screen(HelpScreen(keys), self._execute)

    async def _execute(self, chosen: ActiveBinding | None) -> None:
        if chosen:
            await self.run_action(chosen.binding.action, chosen.node)


def screen_class(title: str) -> type[TabScreen]:
    """The class of one of the screens. The first frame does without the modules of the others."""
    if title == FindingsScreen.TITLE:
        return FindingsScreen
    found = getattr(import_module(f"buildDoctor.faces.tui.screens.{title.lower()}"), f"{title}Screen")
    return cast("type[TabScreen]", found)
