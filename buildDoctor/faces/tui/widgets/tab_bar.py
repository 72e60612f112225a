"""The screens on one line, the present one marked; each can be clicked."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class TabBar(Widget):
    """Shows where one is, and the number that leads elsewhere.

    Args:
        titles: what the screens are called, in their order.
        present: which of them this one is.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TabBar {
        dock: top;
        height: 1;
        background: $panel;
        color: $foreground-muted;
    }
    """

    titles: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](())
    """What the screens are called, in their order."""

    class Wanted(Message):
        """Another screen is wanted."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title
            """What it is called."""

    def __init__(self, titles: tuple[str, ...], present: str) -> None:
        super().__init__()
        self.set_reactive(TabBar.titles, titles)
        self._present = present

    def _words(self) -> tuple[str, ...]:
        # The arrow marks the present one where there are no colours.
        return tuple(
            f"{'▸' if title == self._present else ' '}{number} {title} " for number, title in enumerate(self.titles, 1)
        )

    def render(self) -> Content:
        """The titles."""
        return Content.assemble(
            *(
                (words, "bold $foreground on $background" if title == self._present else "")
                for words, title in zip(self._words(), self.titles, strict=True)
            )
        )

    def on_click(self, event: Click) -> None:
        """Ask for the screen that is clicked."""
        column = event.x
        for words, title in zip(self._words(), self.titles, strict=True):
            if 0 <= column < len(words):
                self.post_message(self.Wanted(title))
                return
            column -= len(words)
