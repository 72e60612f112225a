"""The window through which hostile bytes are read: whatever is asked of it, it gives what is there."""

from __future__ import annotations

import mmap
import zlib
from struct import Struct

import pytest

from buildDoctor.adapters.elf.packed import PackedWindow
from buildDoctor.adapters.elf.window import Window, printable

TEXT = b"..one\0two.."


def as_bytes() -> Window:
    return Window(TEXT, 2, len(TEXT) - 2)


def as_mapped() -> Window:
    memory = mmap.mmap(-1, len(TEXT))
    memory.write(TEXT)
    return Window(memory, 2, len(TEXT) - 2)


def as_packed() -> Window:
    inner = TEXT[2:-2]
    packed = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return PackedWindow(Window(packed.compress(inner) + packed.flush()), len(inner), zlib.crc32(inner))


windows = pytest.mark.parametrize("window", [as_bytes(), as_mapped(), as_packed()], ids=["bytes", "mapped", "packed"])
beyond = pytest.mark.parametrize("number", [-(1 << 70), -1, 8, 1 << 31, 1 << 63, 1 << 70])


@windows
@beyond
def test_nothing_is_found_beyond_the_window(window: Window, number: int) -> None:
    """A mapped file raises for numbers that its platform does not have, and knows what lies around the window."""
    assert bytes(window.view(number, 4)) == (b"one" if number == -1 else b"")
    assert window.find(b".", number, 1 << 70) == window.rfind(b".", number, 1 << 70) == -1
    assert window.find(b"one", 0, number) == (0 if number > 3 else -1)
    assert window.unpack(Struct("<I"), number) is None
    assert window.text(number, 1 << 70) == ("one" if number < 0 else "")


@windows
def test_a_text_ends_at_its_zero_at_its_limit_or_with_the_window(window: Window) -> None:
    assert [window.text(0, 10), window.text(0, 2), window.text(4, 10)] == ["one", "on", "two"]


def test_characters_that_a_terminal_acts_upon_are_written_out() -> None:
    assert printable("a\x1b[2Jb\nc\u202e\N{SNOWMAN}") == "a\\x1b[2Jb\\nc\\u202e\N{SNOWMAN}"
