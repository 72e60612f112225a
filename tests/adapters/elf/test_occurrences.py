"""Where bytes stand in a text, against Python's own search of the whole of it."""

from __future__ import annotations

import random

import pytest

from buildDoctor.adapters.elf import occurrences as searching
from buildDoctor.adapters.elf.occurrences import occurrences


def by_whole(text: bytes, wanted: bytes) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(wanted, at)]


@pytest.mark.parametrize("wanted", [b"*", b"ab", b".entry"])
def test_they_are_found_also_where_two_pieces_meet(monkeypatch: pytest.MonkeyPatch, wanted: bytes) -> None:
    monkeypatch.setattr(searching, "PIECE", 7)
    chance = random.Random(1)  # noqa: S311  the same in every run
    for _ in range(2_000):
        text = b"".join(chance.choices((b"*", b"a", b"b", b".entry", b".ent"), k=chance.randrange(20)))
        assert list(occurrences(memoryview(text), wanted)) == by_whole(text, wanted), text


def test_letters_of_either_case_count_when_it_is_asked_for() -> None:
    text = b"fp4 FP4 Fp4"
    assert list(occurrences(text, b"fp4")) == [0]
    assert list(occurrences(text, b"fp4", any_case=True)) == [0, 4, 8]
