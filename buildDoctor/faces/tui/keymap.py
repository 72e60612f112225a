"""Other keys, from `keys.toml` in the user's config folder: a line such as `copy = "c"` for each."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import platformdirs
from msgspec import Struct
from textual.binding import Binding
from textual.dom import DOMNode

_LARGEST = 100_000


class Keymap(Struct, frozen=True):
    """The keys that the user wants."""

    keys: dict[str, str]
    """For each name of what a key does, the key."""
    problem: str = ""
    """What is wrong with the file, in one sentence; nothing of it counts then."""


def keys_file() -> Path:
    """Where the user's keys stand."""
    return platformdirs.user_config_path("build-doctor") / "keys.toml"


def read_keymap(file: Path) -> Keymap:
    """The keys of a file; none without one."""
    if not file.is_file():
        return Keymap({})
    import tomli  # noqa: PLC0415 - few have such a file

    try:
        data = tomli.loads(file.read_bytes()[:_LARGEST].decode("utf-8"))
    except (OSError, ValueError) as error:
        return Keymap({}, f"{file.name}: {error}")
    known = sorted(names())
    for name, key in data.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else f": there are {', '.join(known)}"
            return Keymap({}, f"{file.name}: no key is called {name}{hint}")
        if not isinstance(key, str):
            return Keymap({}, f"{file.name}: {name} is no text: write for example {name} = 'c'")
    return Keymap(data)


def names() -> Iterator[str]:
    """What keys do, by the names that the file uses."""
    from buildDoctor.faces.tui.app import BuildDoctor  # noqa: PLC0415 - it imports this module
    from buildDoctor.faces.tui.moving import Moving, screen_class  # noqa: PLC0415 - as above
    from buildDoctor.faces.tui.screens.tab_screen import TITLES, TabScreen  # noqa: PLC0415 - as above
    from buildDoctor.faces.tui.widgets.finding_list import FindingList  # noqa: PLC0415 - as above
    from buildDoctor.faces.tui.widgets.line_table import LineTable  # noqa: PLC0415 - as above

    owners: list[type[DOMNode]] = [BuildDoctor, Moving, TabScreen, FindingList, LineTable, *map(screen_class, TITLES)]
    for owner in owners:
        yield from (binding.id for binding in owner.BINDINGS if isinstance(binding, Binding) and binding.id)
