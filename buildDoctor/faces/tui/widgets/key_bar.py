"""Every key that works now, in as many lines as it takes; each can be clicked."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from rich.cells import cell_len
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

_GAP = 1


class _Key(Struct, frozen=True):
    """A key and how it is written."""

    key: str
    shown: str


class _Item(Struct, frozen=True):
    """Keys that share a description."""

    keys: tuple[_Key, ...]
    description: str

    @property
    def width(self) -> int:
        return sum(cell_len(key.shown) for key in self.keys) + 1 + cell_len(self.description)

    def key_at(self, column: int) -> str:
        """The key that is meant by a click: the one that is hit, else the first."""
        for key in self.keys:
            column -= cell_len(key.shown)
            if column < 0:
                return key.key
        return self.keys[0].key


class KeyBar(Widget):
    """Shows the keys of the screen, the focused widget's first and the app's last."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: auto;
        max-height: 6;
        color: $footer-description-foreground;
        background: $panel;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[_Item, ...] = ()

    def on_mount(self) -> None:
        """Follow the keys as they change."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            items = tuple(self._read_items())
            if items != self._items:
                self._items = items
                self.refresh(layout=True)

    def _read_items(self) -> Iterator[_Item]:
        shown: dict[str, ActiveBinding] = {}
        for active in self.screen.active_bindings.values():
            if active.enabled and active.binding.show:
                shown.setdefault(active.binding.action, active)
        items: dict[object, list[Binding]] = {}
        for action, active in shown.items():
            items.setdefault(active.binding.group or action, []).append(active.binding)
        for bindings in items.values():
            group = bindings[0].group
            yield _Item(tuple(map(self._key, bindings)), group.description if group else bindings[0].description)

    def _key(self, binding: Binding) -> _Key:
        return _Key(binding.key, self.app.get_key_display(binding))

    def _lines(self, width: int) -> list[list[_Item]]:
        """The items, as many in each line as fit."""
        lines: list[list[_Item]] = [[]]
        room = width
        for item in self._items:
            if lines[-1] and item.width > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= item.width + _GAP
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """One row for each line of items."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The items, keys bold."""
        return Content("\n").join(
            Content(" " * _GAP).join(
                Content.assemble(
                    *((key.shown, "bold $footer-key-foreground") for key in item.keys), f" {item.description}"
                )
                for item in line
            )
            for line in self._lines(self.content_size.width)
        )

    def on_click(self, event: Click) -> None:
        """Press the key that is clicked."""
        lines = self._lines(self.content_size.width)
        column = event.x
        for item in lines[event.y] if 0 <= event.y < len(lines) else ():
            if 0 <= column < item.width:
                self.app.simulate_key(item.key_at(column))
                return
            column -= item.width + _GAP
