"""Where keys and values stand in TOML."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from buildDoctor.adapters.rule_files import builtin_folder
from buildDoctor.adapters.toml_positions import Positions

ODD = '''\
# comment = 1
bare = 1 # x = 2
"quoted \\u0041.b" = 'it # is'
dotted . "k" = [ 1, # one
  "two", [3, { a = 4, "b.c" = [5] }], 1979-05-27 07:32:00,
]
empty = []
none = {}
long = """
= "quoted" ""\\"
[x]"""
raw = \'\'\'
\'[y]\'\'\'\'

[table."sub.table"]
k = true
[[list]]
k = 1
[list.inner]
k = 2.5
[[list]]
[[list.deep]]
k = "end"
'''


def paths(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every key and element of parsed TOML."""
    found = [path] if path else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += paths(value, (*path, index))
    return found


def value_at(data: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        data = data[step]  # type: ignore[index]  # the path comes from the data
    return data


TEXTS = [pytest.param(ODD, id="odd but right")] + [
    pytest.param(file.read_text(), id=file.stem) for file in sorted(Path(builtin_folder()).rglob("*.toml"))
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_value_is_found_where_it_stands(text: str) -> None:
    """Read again from its place alone, a value is the same; only tables that are never written have no place."""
    data = tomli.loads(text)
    places = Positions(text).places
    for path in paths(data):
        value = value_at(data, path)
        if isinstance(value, dict | list):
            continue
        rest = text[places[path].value :]
        written = next(piece for end in range(1, len(rest) + 1) if (piece := _value(rest[:end])) == [value])
        assert written == [value]


def _value(text: str) -> list[object]:
    """The value that a text says; nothing when it says none."""
    try:
        return [tomli.loads(f"key = {text}")["key"]]
    except tomli.TOMLDecodeError:
        return []


def test_a_key_that_is_missing_is_looked_for_in_its_table() -> None:
    """A mistake about what is not there is shown at the nearest thing that is."""
    positions = Positions(ODD)
    assert positions.find(("list", 0, "inner", "absent")) == (19, 1)
    assert positions.find(("absent",)) == (1, 1)


def test_a_column_in_a_long_text_is_found() -> None:
    """A position in what a text says becomes the position where it is written, past escapes and line ends."""
    assert Positions(ODD).find(("long",), 1, 12) == (10, 12)
    assert Positions(ODD).find(("long",), 1, 15) == (10, 16)
    assert Positions(ODD).find(("raw",), 1, 2) == (13, 2)
    assert Positions('k = """a\\\n   b"""').find(("k",), 1, 2) == (2, 4)
