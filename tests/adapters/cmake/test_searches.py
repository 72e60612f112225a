"""Sources that scripts search for: found as CMake finds them, and unknown where they are only written later."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question

QUESTION = Question(cuda="12.9", request=("9.0",))
FILES = ("b.cu", "a.cu", "deep/c.cu", "deep/er/d.cu", "other/e.cu", "deep/f.cpp")
SEARCHES = {
    "in order": "GLOB FOUND b.cu *.cu",
    "in all folders": "GLOB_RECURSE FOUND *.cu",
    "below a folder": "GLOB_RECURSE FOUND CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/deep/*.cu",
    "relative to a folder": "GLOB_RECURSE FOUND RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/deep deep/*.cu deep/*.cpp",
    "folders among files": "GLOB FOUND RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *",
    "without folders": "GLOB FOUND LIST_DIRECTORIES false RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *",
    "nothing": "GLOB FOUND *.cuh",
}
Make = Callable[..., Path]


@pytest.fixture
def tree(make_tree: Make) -> Path:
    """A tree with sources in several folders, whose script is to be written."""
    made = make_tree(
        "", **{name.replace("/", "__"): "" for name in FILES}, **{"cmake__more.cmake": "set(MORE more.cu)\n"}
    )
    (made / "link").symlink_to(made / "deep")
    return made


def found_by(reading: PlanReading) -> str:
    """The list that the script hands to its library."""
    assert reading.plan is not None
    (extension,) = reading.plan.extensions or ()
    return " ".join(extension.sources or ())


@pytest.mark.parametrize("search", [pytest.param(text, id=name) for name, text in SEARCHES.items()])
def test_a_search_finds_what_cmake_finds_also_in_a_changed_copy(search: str, tree: Path) -> None:
    """The names and their order; links to folders are not followed, and a copy of links is no reason to find less."""
    head = "cmake_minimum_required(VERSION 3.26)\n"
    text = f"{head}file({search})\n"
    # Script mode takes no CONFIGURE_DEPENDS, which changes nothing about what is found.
    oracle = f'{text.replace("CONFIGURE_DEPENDS ", "")}message("@${{FOUND}}@")\n'
    (tree / "oracle.cmake").write_text(oracle, encoding="utf-8")
    script = 'string(REPLACE ";" "|" SAID "${FOUND}")\nadd_library("_C" "<${SAID}>.cu")\n'
    (tree / "CMakeLists.txt").write_text(f"{text}include(cmake/more.cmake)\n{script}", encoding="utf-8")
    said = subprocess.run(
        [str(find_cmake()), "-P", "oracle.cmake"], cwd=tree, check=True, capture_output=True, text=True
    )
    real = re.findall(r"^@(.*)@$", said.stderr, re.MULTILINE)[0].replace(f"{tree}/", "").replace(";", "|")

    plain = read_plan(tree, QUESTION)
    changed = read_plan(tree, QUESTION, {"cmake/more.cmake": "set(MORE other.cu)\n"})

    assert (found_by(plain), found_by(changed)) == (f"<{real}>.cu",) * 2


GENERATING = """\
execute_process(COMMAND ${Python_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/csrc/generate.py)
file(GLOB WRITTEN "${CMAKE_CURRENT_BINARY_DIR}/generated/*.cu")
set_property(SOURCE ${WRITTEN} APPEND PROPERTY COMPILE_OPTIONS "-gencode;arch=compute_90a,code=sm_90a")
add_library(_C a.cu ${WRITTEN})
"""


def test_what_a_script_writes_is_unknown_and_says_who_writes_it(make_tree: Make) -> None:
    """It is named and not counted: an empty search is no proof that there is nothing."""
    reading = read_plan(make_tree(GENERATING), QUESTION)

    assert reading.plan is not None
    assert [extension.generated for extension in reading.plan.extensions or ()] == [("/not-built/generated/*.cu",)]
    assert [gap.reason for gap in reading.not_seen if gap.path == "plan.extensions[0].generated"] == [
        "the sources /not-built/generated/*.cu of _C are written while configuring, by csrc/generate.py; they are not counted"
    ]


def test_what_a_script_wrote_is_read_from_the_build_folder(make_tree: Make) -> None:
    """The newest folder in which CMake was run has the files, and the scripts give them their flags."""
    tree = make_tree(
        GENERATING, **{"build__generated__x.cu": "", "build__generated__y.cu": "", "build__CMakeCache.txt": ""}
    )

    reading = read_plan(tree, QUESTION)

    assert reading.plan is not None
    assert [(source.path, source.architectures) for source in reading.plan.sources or ()] == [
        ("a.cu", ("9.0",)),
        ("build/generated/x.cu", ("9.0", "9.0a")),
        ("build/generated/y.cu", ("9.0", "9.0a")),
    ]
    assert [extension.generated for extension in reading.plan.extensions or ()] == [()]


def test_what_was_fetched_before_is_read(make_tree: Make) -> None:
    """Sources of a dependency are found where an earlier configuration has put them."""
    text = "FetchContent_MakeAvailable(Deep)\nfile(GLOB FOUND ${deep_SOURCE_DIR}/*.cu)\nadd_library(_C ${FOUND})\n"

    plan = read_plan(make_tree(text, **{".deps__deep-src__k.cu": ""}), QUESTION).plan

    assert plan is not None
    assert [extension.sources for extension in plan.extensions or ()] == [(".deps/deep-src/k.cu",)]


def test_both_copies_of_cutlass_are_told(make_tree: Make) -> None:
    """The revision that the next configuration fetches, and the header that an earlier one has left."""
    text = 'FetchContent_Declare(\n  cutlass\n  GIT_TAG "v4.4.2"\n)\nFetchContent_MakeAvailable(cutlass)\n'
    header = "#define CUTLASS_MAJOR 4\n#define CUTLASS_MINOR 2\n#define CUTLASS_PATCH 1\n"

    reading = read_plan(make_tree(text, **{".deps__cutlass-src__include__cutlass__version.h": header}), QUESTION)

    assert reading.plan is not None
    assert [(copy.version, copy.place) for copy in reading.plan.cutlass or ()] == [
        ("4.4.2", "CMakeLists.txt:3"),
        ("4.2.1", ".deps/cutlass-src/include/cutlass/version.h"),
    ]


def test_a_revision_of_cutlass_without_a_version_is_said_to_be_unknown(make_tree: Make) -> None:
    reading = read_plan(make_tree("FetchContent_Declare(cutlass GIT_TAG main)\n"), QUESTION)

    assert reading.plan is not None
    assert [copy.version for copy in reading.plan.cutlass or ()] == [None]
    assert [gap.reason for gap in reading.not_seen if gap.path == "plan.cutlass[0].version"] == [
        "CMakeLists.txt:3 fetches CUTLASS by a revision that names no version"
    ]


def test_a_build_folder_behind_a_link_is_not_read(make_tree: Make, tmp_path: Path) -> None:
    """Only what lies in the tree is seen."""
    outside = tmp_path / "outside"
    (outside / "generated").mkdir(parents=True)
    (outside / "CMakeCache.txt").touch()
    (outside / "generated" / "x.cu").touch()
    tree = make_tree(GENERATING)
    (tree / "build").symlink_to(outside)

    plan = read_plan(tree, QUESTION).plan

    assert plan is not None
    assert [source.path for source in plan.sources or ()] == ["a.cu"]
