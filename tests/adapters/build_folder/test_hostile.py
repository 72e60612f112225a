"""Build folders that are broken, huge or lying: an answer within bounds, or a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from buildDoctor.adapters.build_folder import files
from buildDoctor.adapters.build_folder.finding import MOST_BUILD_FOLDERS, build_folders
from buildDoctor.adapters.build_folder.reading import BuildFolder, read_build_folder, source_of

_RULE = "rule cuda\n  command = nvcc $FLAGS -c $in -o $out\n"


def read(folder: Path, **contents: str | bytes) -> BuildFolder:
    """A build folder with these files, whose names have `__` for a dot."""
    for name, content in contents.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return read_build_folder(folder, folder, [])


BROKEN = {
    "nothing": b"",
    "no JSON": b"{",
    "an object": b'{"file": "a.cu"}',
    "a list of texts": b'["nvcc a.cu"]',
    "nested without end": b"[" * 200_000,
    "no UTF-8": b'[{"file": "\xff\xfe", "command": 1}]x',
    "numbers beyond all measure": b"[1e999999999999]",
}


@pytest.mark.parametrize("content", [pytest.param(data, id=name) for name, data in BROKEN.items()])
def test_what_is_no_list_of_commands_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    found = read(tmp_path, compile_commands__json=content)

    assert found.configured.sources is None
    assert next(path for path, _reason in found.not_seen) == "sources"


def test_entries_of_another_shape_are_passed_over(tmp_path: Path) -> None:
    entries = [{}, {"file": 1, "command": "nvcc"}, {"file": "a.cu"}, {"file": "a.cu", "command": ["nvcc"]},
               {"file": "b.cu", "arguments": ["nvcc", 1, "-arch=sm_90", "-c", "b.cu"], "directory": None}]  # fmt: skip

    found = read(tmp_path, compile_commands__json=json.dumps(entries))

    assert [(source.path, source.architectures) for source in found.configured.sources or ()] == [
        ("b.cu", ("9.0+PTX",))
    ]


def test_values_that_double_at_each_line_are_refused(tmp_path: Path) -> None:
    """Thirty lines would make a text of a gigabyte."""
    doubling = "v0 = xx\n" + "".join(f"v{n + 1} = $v{n}$v{n}\n" for n in range(30))

    found = read(tmp_path, build__ninja=f"{doubling}{_RULE}build a.o: cuda a.cu\n  FLAGS = $v30\n")

    assert found.configured.sources is None
    assert any("longer than any build's" in reason for _path, reason in found.not_seen)


def test_rules_that_refer_to_themselves_are_refused(tmp_path: Path) -> None:
    rule = "rule cuda\n  command = nvcc $more\n  more = $again\n  again = $more\n"

    found = read(tmp_path, build__ninja=f"{rule}build a.o: cuda a.cu\n")

    assert any("refer to each other" in reason for _path, reason in found.not_seen)


def test_a_file_that_includes_itself_or_the_world_is_read_once(tmp_path: Path) -> None:
    outside = tmp_path / "outside.ninja"
    outside.write_text(f"{_RULE}build stolen.o: cuda stolen.cu\n", encoding="utf-8")
    folder = tmp_path / "build"
    folder.mkdir()

    found = read(
        folder,
        build__ninja=f"include build.ninja\ninclude ../outside.ninja\nsubninja {outside}\n{_RULE}build a.o: cuda a.cu\n",
    )

    assert [source.path for source in found.configured.sources or ()] == ["a.cu"]
    assert found.configured.files == ("build.ninja",)


ODD_NINJA = {
    "a statement without a colon": "build a.o\n",
    "nothing behind the colon": "build a.o:\n",
    "a rule that is not there": "build a.o: nothing a.cu\n",
    "a line that goes on and ends": "build a.o: cuda $\n",
    "dollars": f"{_RULE}build a.o: cuda a.cu\n  FLAGS = $$$$ $ $\n",
    "bindings below nothing": "  FLAGS = x\n",
    "bytes": "\0\x01\ufffd = $\0",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ODD_NINJA.items()])
def test_odd_ninja_files_end_with_an_answer(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, build__ninja=text).configured.folder == "."


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "build.ninja").open("wb") as stream:
        os.truncate(stream.fileno(), files.LARGEST_FILE + 1)

    found = read_build_folder(tmp_path, tmp_path, [])

    assert any("larger than 64 MiB" in reason for _path, reason in found.not_seen)


def test_a_pipe_that_is_named_like_a_cache_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "CMakeCache.txt")

    assert build_folders(tmp_path) == ()
    assert read_build_folder(tmp_path, tmp_path, []).configured.request == ()
    assert source_of(tmp_path) is None


def test_a_cache_that_lies_about_its_tree_names_no_folder(tmp_path: Path) -> None:
    for home in ("relative", "", "/a\0b"):
        read(tmp_path, CMakeCache__txt=f"CMAKE_HOME_DIRECTORY:INTERNAL={home}\n")

        assert source_of(tmp_path) is None


def test_the_search_for_folders_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST_BUILD_FOLDERS + 5):
        folder = tmp_path / f"build-{number:03}"
        folder.mkdir()
        (folder / "CMakeCache.txt").write_text("", encoding="utf-8")
    (tmp_path / "src" / "build").mkdir(parents=True)
    (tmp_path / "src" / "build" / "CMakeCache.txt").write_text("", encoding="utf-8")

    found = build_folders(tmp_path)

    assert len(found) == MOST_BUILD_FOLDERS
    assert found[0] == tmp_path / "build-000"


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    """Neither to a build folder elsewhere, nor in a circle."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "CMakeCache.txt").write_text("", encoding="utf-8")
    (tmp_path / "tree" / "build").mkdir(parents=True)
    (tmp_path / "tree" / "build" / "again").symlink_to(tmp_path / "tree")
    (tmp_path / "tree" / "build-link").symlink_to(elsewhere)

    assert build_folders(tmp_path / "tree") == ()


def test_a_hundred_thousand_lines_are_read(tmp_path: Path) -> None:
    """Bounded by the number of commands, and said so."""
    edges = "".join(f"build {n}.o: cuda {n}.cu\n" for n in range(60_000))

    found = read(tmp_path, build__ninja=_RULE + edges)

    assert len(found.configured.sources or ()) == 50_000
    assert any("first 50000 commands" in reason for _path, reason in found.not_seen)
