"""Files that lie: each is refused or read in part, and none takes long or raises."""

from __future__ import annotations

import os
from pathlib import Path
from struct import pack
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from buildDoctor.adapters.loader.cache import NEW, Cache, read_cache
from buildDoctor.adapters.loader.machine import read_machine
from buildDoctor.adapters.loader.objects import jit_link_symbols, read_needs
from buildDoctor.adapters.loader.process import Process
from buildDoctor.adapters.loader.tree import Tree

ARTEFACTS = Path(__file__).parents[1] / "binaries" / "loader"
SPARSE = (ARTEFACTS / "libcusparse.so").read_bytes()
CPP = (ARTEFACTS / "wants-new-libstdcxx.so").read_bytes()


def cache_of(
    entries: list[tuple[str, str, int]], *, count: int | None = None, subfolders: tuple[str, ...] = ()
) -> bytes:
    """A cache as ldconfig writes it: name, path and hardware of each entry."""
    base = len(NEW) + 28
    names_at = base + 24 * len(entries)
    table, records = bytearray(), b""
    for name, path, hardware in entries:
        places = []
        for text in (name, path):
            places.append(names_at + len(table))
            table += text.encode() + b"\0"
        records += pack("<IIIIQ", 0x0303, *places, 0, hardware)
    texts = [names_at + len(table)]
    for subfolder in subfolders:
        table += subfolder.encode() + b"\0"
        texts.append(names_at + len(table))
    extension = names_at + len(table)
    listed = b"".join(pack("<I", at) for at in texts[:-1])
    sections = pack("<II", 0xEAA42174, 1) + pack("<IIII", 1, 0, extension + 24, len(listed)) + listed
    head = NEW + pack(
        "<IIB3xI12x", len(entries) if count is None else count, len(table), 2, extension if subfolders else 0
    )
    return head + records + bytes(table) + (sections if subfolders else b"")


def test_the_cache_prefers_what_the_processor_can_use() -> None:
    special = 1 << 62
    entries = [("liba.so.1", "/plain/liba.so.1", 0), ("liba.so.1", "/v3/liba.so.1", special | 1), ("liba.so.1", "/v4/liba.so.1", special | 0), ("liba.so.1", "/old/liba.so.1", 1 << 5)]  # fmt: skip
    content = cache_of(entries, subfolders=("x86-64-v4", "x86-64-v3"))

    cache = read_cache(content, 62, ("x86-64-v3", "x86-64-v2"))

    assert isinstance(cache, Cache)
    assert cache.named("liba.so.1") == ("/v3/liba.so.1", "/plain/liba.so.1")


def test_the_cache_keeps_machines_apart() -> None:
    """32-bit libraries have the same names."""
    content = cache_of([("libc.so.6", "/lib32/libc.so.6", 0), ("libc.so.6", "/lib64/libc.so.6", 0)])
    other = content.replace(pack("<I", 0x0303), pack("<I", 0x0803), 1)

    cache, arm = read_cache(other, 62), read_cache(other, 183)

    assert isinstance(cache, Cache)
    assert cache.named("libc.so.6") == ("/lib64/libc.so.6",)
    assert isinstance(arm, Cache)
    assert arm.paths == {}


def test_the_cache_behind_an_older_one_is_read() -> None:
    content = b"ld.so-1.7.0\0" + pack("<I", 1) + b"\0" * 12 + b"\0" * 4
    assert isinstance(read_cache(content + cache_of([("liba.so.1", "/a", 0)]), 62), Cache)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "does not start", id="nothing"),
        pytest.param(b"ld.so-1.7.0\0\xff\xff\xff\xff", "does not start", id="only an old one with too many entries"),
        pytest.param(cache_of([("a", "/a", 0)], count=1 << 31), "more than fit", id="a count that lies"),
        pytest.param(NEW, "does not start", id="cut off behind the magic"),
    ],
)
def test_a_cache_that_lies_is_refused(content: bytes, words: str) -> None:
    answer = read_cache(content, 62)
    assert isinstance(answer, str)
    assert words in answer


@given(st.binary(max_size=400), st.integers(0, 300))
@settings(deadline=None)
def test_no_bytes_make_the_cache_raise(noise: bytes, at: int) -> None:
    whole = cache_of([("liba.so.1", "/a/liba.so.1", 1 << 62), ("libb.so.1", "/b", 0)], subfolders=("x86-64-v3",))
    read_cache(whole[:at] + noise + whole[at + len(noise) :], 62, ("x86-64-v3",))


@given(
    st.lists(st.tuples(st.integers(0, len(SPARSE) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(SPARSE))
)
@settings(deadline=None, max_examples=300)
def test_no_change_makes_a_shared_object_raise(changes: list[tuple[int, int]], end: int) -> None:
    for whole in (SPARSE, CPP):
        raw = bytearray(whole)
        for place, value in changes:
            raw[place % len(raw)] = value
        for content in (bytes(raw), bytes(raw[:end])):
            with NamedTemporaryFile() as file:
                file.write(content)
                file.flush()
                read_needs(file.name)
                jit_link_symbols(file.name)


def test_libraries_that_need_each_other_end(trees: Any, tmp_path: Path) -> None:
    """A library under the name of what it needs is found once."""
    trees.put(tmp_path, {"main": "main-rpath", "libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "liba.so.1"})
    process = Process(Tree(), read_machine(Tree(), 62))

    _, asked = process.open(str(tmp_path / "main"), program=True)

    assert [(one.name, one.by) for one in asked] == [
        ("liba.so.1", "rpath"),
        ("libb.so.1", "rpath"),
        ("libb.so.1", "loaded"),
    ]


def test_a_pipe_under_the_name_of_a_library_is_no_library(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "libb.so.1")
    assert read_needs(str(tmp_path / "libb.so.1")) == "it is no file"
    assert not Tree().is_file(str(tmp_path / "libb.so.1"))


def test_a_search_path_as_long_as_a_book_is_cut(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"main": "main-rpath", "libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1"})
    process = Process(Tree(), read_machine(Tree(), 62))
    opened, _ = process.open(str(tmp_path / "main"), program=True)
    assert not isinstance(opened, str)
    long = replace(opened, needs=replace(opened.needs, rpath="$ORIGIN:" * 100_000 + "$ORIGIN/libs"))
    process.program = long

    assert [hit.by for hit in process.search("liba.so.1", opened)] == ["rpath"]
    assert list(process.search("liba.so.1", long)) == []
