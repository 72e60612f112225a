"""The replay only looks: whatever a tree's scripts say, nothing runs and nothing is written."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake import replay
from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.plan import PlanReading

HERE = Path(__file__).parent

LONGEST_SECONDS = 12.0
MARK = "MARK"
"""Stands in the scripts below for a file outside of the tree that must never come to be."""

DEEDS = {
    "a program is run": "execute_process(COMMAND touch MARK)",
    "an old way to run a program": "exec_program(touch ARGS MARK)",
    "a file is written": 'file(WRITE "MARK" x)',
    "a file is appended to": 'file(APPEND "MARK" x)',
    "a file is touched": 'file(TOUCH "MARK")',
    "a file is generated": 'file(GENERATE OUTPUT "MARK" CONTENT x)',
    "a folder is made": 'file(MAKE_DIRECTORY "MARK")',
    "a folder is made the old way": 'make_directory("MARK")',
    "a file is written the old way": 'write_file("MARK" x)',
    "a file is copied": 'file(COPY_FILE "${CMAKE_CURRENT_LIST_FILE}" "MARK")',
    "a file is copied into a folder": 'file(COPY "${CMAKE_CURRENT_LIST_FILE}" DESTINATION "MARK")',
    "a file is installed": 'file(INSTALL "${CMAKE_CURRENT_LIST_FILE}" DESTINATION "MARK")',
    "a file is configured": 'file(CONFIGURE OUTPUT "MARK" CONTENT x)',
    "a file is configured by its own command": 'configure_file("${CMAKE_CURRENT_LIST_FILE}" "MARK")',
    "a link is made": 'file(CREATE_LINK "${CMAKE_CURRENT_LIST_FILE}" "MARK" SYMBOLIC)',
    "a file is locked": 'file(LOCK "MARK")',
    "a file is downloaded": 'file(DOWNLOAD "file://${CMAKE_CURRENT_LIST_FILE}" "MARK")',
    "an archive is made": 'file(ARCHIVE_CREATE OUTPUT "MARK" PATHS "${CMAKE_CURRENT_LIST_FILE}")',
    "something is compiled": 'try_compile(OK "MARK" "${CMAKE_CURRENT_LIST_FILE}")',
    "something is compiled and run": 'try_run(R C "MARK" "${CMAKE_CURRENT_LIST_FILE}")',
    "code is evaluated": 'cmake_language(EVAL CODE "file(WRITE [[MARK]] x)")',
    "a command is called by name": 'cmake_language(CALL file WRITE "MARK" x)',
    "a call is deferred": 'cmake_language(DEFER CALL file WRITE "MARK" x)',
    "a dependency provider is set": "cmake_language(SET_DEPENDENCY_PROVIDER p SUPPORTED_METHODS FIND_PACKAGE)",
    "the original is called by name": 'cmake_language(CALL _file WRITE "MARK" x)',
    "the original is called by a name in brackets": 'cmake_language(CALL [[_file]] WRITE "MARK" x)',
    "the original is called by a variable": 'set(c _file)\ncmake_language(CALL ${c} WRITE "MARK" x)',
    "the original of the evaluator is called": '_cmake_language(EVAL CODE "execute_process(COMMAND touch MARK)")',
    "the original of the original is called": '__cmake_language(EVAL CODE "execute_process(COMMAND touch MARK)")',
    "the original of the evaluator calls another": '_cmake_language(CALL _file WRITE "MARK" x)',
    "the original of the evaluator evaluates": '_cmake_language(EVAL CODE "_file(WRITE [[MARK]] x)")',
    "the original of a folder's maker is called": '_make_directory("MARK")',
    "the original of a writer is called": '_write_file("MARK" x)',
    "the original of a copier is called": '_configure_file("${CMAKE_CURRENT_LIST_FILE}" "MARK")',
    "the original of execute_process is called": "_execute_process(COMMAND touch MARK)",
    "a variable is watched": 'variable_watch(x file)\nset(x "MARK")',
    "the original of a watch is called": "function(w)\n_execute_process(COMMAND touch MARK)\nendfunction()\n_variable_watch(x w)\nset(x 1)",
    "a replacement is replaced": "macro(execute_process)\nendmacro()\n_execute_process(COMMAND touch MARK)\n__execute_process(COMMAND touch MARK)",
    "a replacement is replaced twice": "macro(message)\nendmacro()\nmacro(message)\nendmacro()\n_message(x)\n__message(x)",
    "a package's script runs": "find_package(Evil CONFIG PATHS ${CMAKE_CURRENT_LIST_DIR})",
    "a folder is added": "add_subdirectory(sub)",
    "the helper of the replay is replaced": (
        "macro(get_filename_component v)\nset(${v} /evil/x.cmake)\nset(_build_doctor_scripts /evil/x.cmake)\nendmacro()\n"
        "include(/evil/x.cmake)"
    ),
    "a command between check and deed makes another deed of it": (
        "macro(set name)\n_set(${name} ${ARGN})\n_set(_build_doctor_action RELATIVE_PATH)\nendmacro()\n"
        'file(WRITE "MARK" x)'
    ),
    "a command between check and reading makes writing of it": (
        "macro(set name)\n_set(${name} ${ARGN})\n_set(_build_doctor_action READ)\n"
        'if("${name}" STREQUAL "x")\n_set(_build_doctor_action WRITE)\nendif()\nendmacro()\n'
        'file(READ "${CMAKE_CURRENT_LIST_DIR}/evil.txt" x)'
    ),
    "a command between check and search makes another search of it": (
        'macro(string)\n_set(_build_doctor_word "MARK")\n_set(_build_doctor_action WRITE)\nendmacro()\n'
        'file(GLOB x "${CMAKE_CURRENT_LIST_DIR}/*.txt")'
    ),
    "a module path leads out": "list(APPEND CMAKE_MODULE_PATH /evil)\ninclude(x)",
    "a script outside is included": "include(/evil/x.cmake)",
    "a script outside is included by dots": "include(${CMAKE_CURRENT_LIST_DIR}/../evil/x.cmake)",
    "a script of another suffix is included": "include(${CMAKE_CURRENT_LIST_DIR}/evil.txt)",
    "a script behind a link is included": "include(${CMAKE_CURRENT_LIST_DIR}/link/x.cmake)",
    "the name of this computer is asked for": "site_name(h)",
    "the test tool is asked": 'ctest_run_script("${CMAKE_CURRENT_LIST_FILE}")',
}


def everything_below(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Every path below a folder, with the time it was changed and its content."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }


@pytest.mark.parametrize("deed", [pytest.param(text, id=name) for name, text in DEEDS.items()])
def test_nothing_is_run_or_written(
    deed: str, tmp_path: Path, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """What a script does to the world does not happen, and the reading ends with an answer or a reason."""
    evil = tmp_path / "evil"
    evil.mkdir()
    mark = tmp_path / "mark"
    harm = f'_file(WRITE "{mark}" x)\n__file(WRITE "{mark}" x)\nexecute_process(COMMAND touch "{mark}")\n'
    (evil / "x.cmake").write_text(harm, encoding="utf-8")
    tree = make_tree(deed.replace(MARK, str(mark)).replace("/evil", str(evil)), **{"sub__other.txt": ""})
    (tree / "evil.txt").write_text(harm, encoding="utf-8")
    (tree / "link").symlink_to(evil)
    before = everything_below(tmp_path)

    reading = ask(tree)

    assert everything_below(tmp_path) == before
    assert reading.plan is not None or reading.not_seen


RESERVED = {
    "plainly": "_file(WRITE x y)",
    "in capitals": "_FILE(WRITE x y)",
    "with a space": "_File  (WRITE x y)",
    "with more underscores": "___file(WRITE x y)",
    "behind a comment in brackets": "#[[ a comment ]] _file(WRITE x y)",
    "behind a comment in long brackets": "#[==[ ]] ]==]_file(WRITE x y)",
    "behind brackets inside a word": "set(x a[[)\n_file(WRITE x y)\nset(y ]])",
    "behind an escaped quote": 'set(x \\")\n_file(WRITE x y)\nset(y \\")',
    "behind a hash in a text": 'set(x "#")\nset(y "#[[")\n_file(WRITE x y)\nset(z "]]")',
    "behind a quote inside a word": 'set(x -D"a b")\n_file(WRITE x y)\nset(y "")',
    "inside a function": "function(f)\n  _include(x)\nendfunction()",
    "behind a tab": "\t_include\t(x)",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in RESERVED.items()])
def test_a_call_of_an_original_is_refused_with_its_line(
    text: str, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """A tree that says the name of a kept original is not run, and the refusal says where."""
    reading = ask(make_tree(text))

    assert reading.plan is None
    (missing,) = reading.not_seen
    line = 2 + next(
        number for number, row in enumerate(text.splitlines(), 1) if "_file" in row.lower() or "_include" in row
    )
    assert missing.reason.startswith(f"CMakeLists.txt:{line} calls _")
    assert "the tree is not run" in missing.reason


def test_a_byte_order_mark_hides_no_call(tmp_path: Path, ask: Callable[..., PlanReading]) -> None:
    """CMake skips the mark at the start of a file; so does the look for originals."""
    (tmp_path / "CMakeLists.txt").write_bytes(b"\xef\xbb\xbf_file(WRITE x y)\n")

    (missing,) = ask(tmp_path).not_seen

    assert missing.reason.startswith("CMakeLists.txt:1 calls _file")


HARMLESS = {
    "in a comment": "# _file(WRITE x y)",
    "in a comment behind a command": "set(x 1) # then _file(WRITE x y)",
    "in a comment in brackets": "#[[\n_file(WRITE x y)\n]]",
    "in a text": 'set(x "\n_file(WRITE x y)\n")',
    "in brackets": "set(x [=[\n_file(WRITE x y)\n]] ]=])",
    "as a longer name": "function(my_file)\nendfunction()\nmy_file(x y)",
    "as the beginning of a name": "function(_filename)\nendfunction()\n_filename(x y)",
    "as a variable": "set(_file 1)\nset(_include 2)",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HARMLESS.items()])
def test_a_mention_that_is_no_call_is_not_refused(
    text: str, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """Comments, texts and longer names may hold the letters."""
    assert ask(make_tree(text)).plan is not None


ENDLESS = {
    "a loop": "while(TRUE)\n  set(x 1)\nendwhile()",
    "a loop that leaves no trace to speak of": "while(TRUE)\nendwhile()",
    "a function that calls itself": "function(f)\n  f()\nendfunction()\nf()",
    "a script that includes itself": "include(${CMAKE_CURRENT_LIST_FILE})",
    "a long loop": "foreach(i RANGE 100000000)\n  message(STATUS ${i})\nendforeach()",
    "a text that doubles": 'set(x "0123456789abcdef")\nforeach(i RANGE 60)\n  set(x "${x}${x}")\nendforeach()',
    "an expression that takes exponential time": 'string(REPEAT "a" 2000 x)\nstring(REGEX MATCH "^(((a*)*)*)*b$" y "${x}")',
    "many small blocks": (
        "function(meet R O T)\n set(${R} ${O} PARENT_SCOPE)\nendfunction()\n"
        'foreach(i RANGE 20000)\n meet(X "9.0" "9.0")\nendforeach()'
    ),
    "a list that grows": 'foreach(i RANGE 20000)\n list(APPEND X "9.0")\nendforeach()',
    "a file without end": "file(READ /dev/zero x)",
    "all files": "file(GLOB_RECURSE x /*)",
    "calls inside of calls": (
        'function(f R O T)\n if(NOT O STREQUAL T)\n  f(X "9.0;${O}" "${T}")\n endif()\n'
        " set(${R} 9.0 PARENT_SCOPE)\nendfunction()\n"
        'foreach(i RANGE 400)\n f(X "9.0" "9.0;9.0;9.0;9.0;9.0;9.0;9.0;9.0;9.0;9.0")\nendforeach()'
    ),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ENDLESS.items()])
def test_what_never_ends_is_stopped(text: str, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]) -> None:
    """Time, memory and the size of the trace are bounded, and a reason is given."""
    tree = make_tree(text)
    start = time.monotonic()

    reading = ask(tree)

    assert time.monotonic() - start < LONGEST_SECONDS
    assert reading.plan is not None or reading.not_seen[0].reason


def test_runs_up_to_unknown_commands_are_bounded_together(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each unknown command is one run more: forty slow ones would take minutes, although none takes too long by itself."""
    monkeypatch.setattr(replay, "_ALL_SECONDS", 0.0)
    two = "unknown_command_one()\nunknown_command_two()"

    reading = ask(make_tree(two))

    assert reading.plan is None
    assert reading.not_seen[0].reason == (
        "the build scripts were stopped: "
        "running them up to each unknown command, such as unknown_command_one, took more than 0 s"
    )


def test_the_environment_and_the_files_of_the_user_are_not_visible(
    tmp_path: Path,
    make_tree: Callable[..., Path],
    ask: Callable[..., PlanReading],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Variables, and files outside of the tree, do not come into the plan, not even through a link."""
    hidden = "0123456789"
    monkeypatch.setenv("BUILD_DOCTOR_SECRET", hidden)
    monkeypatch.setenv("HOME", f"/home/{hidden}")
    (tmp_path / "secret.txt").write_text(hidden, encoding="utf-8")
    tree = make_tree(
        f"""
file(READ {tmp_path}/secret.txt one)
file(READ link.txt two)
file(STRINGS ../secret.txt three)
file(GLOB four {tmp_path}/*.txt)
file(GLOB five ../*.txt)
include(../secret.txt)
add_library(_C "a$ENV{{BUILD_DOCTOR_SECRET}}$ENV{{HOME}}${{one}}${{two}}${{three}}${{four}}${{five}}.cu")
"""
    )
    (tree / "link.txt").symlink_to(tmp_path / "secret.txt")

    plan = ask(tree).plan

    assert plan is not None
    assert plan.extensions is not None
    (source,) = plan.extensions[0].sources or ()
    assert source.startswith("a/")
    assert source.endswith("/empty.cu")
    assert hidden not in repr(plan)
    assert "secret.txt" not in source


FILES = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "empty": lambda path: path.write_bytes(b""),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 16),
    "UTF-16": lambda path: path.write_bytes("set(x 1)\n".encode("utf-16")),
    "UTF-8 with a mark": lambda path: path.write_bytes("set(x 1)\n".encode("utf-8-sig")),
    "Latin-1": lambda path: path.write_bytes('set(CUDA_ARCHS "caf\xe9")\nadd_library(_C a\xe9.cu)\n'.encode("latin-1")),
    "one gigabyte of nothing": lambda path: os.truncate(path, 1 << 30) if not path.write_bytes(b"") else None,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "missing": lambda _path: None,
    "a syntax error": lambda path: path.write_text("set(x 1\nset(y 2)\n", encoding="utf-8"),
    "an unknown policy": lambda path: path.write_text("cmake_policy(SET CMP9999 NEW)\n", encoding="utf-8"),
    "a cmake of the future": lambda path: path.write_text("cmake_minimum_required(VERSION 99.0)\n", encoding="utf-8"),
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in FILES.items()])
def test_a_script_that_is_none_gives_a_reason(
    make: Callable[[Path], None], tmp_path: Path, ask: Callable[..., PlanReading]
) -> None:
    """Whatever CMakeLists.txt is, there is a plan or one reason, within the time."""
    make(tmp_path / "CMakeLists.txt")
    start = time.monotonic()

    reading = ask(tmp_path)

    assert time.monotonic() - start < LONGEST_SECONDS
    if reading.plan is None:
        (missing,) = reading.not_seen
        assert missing.path == "plan"
        assert missing.reason
        assert "Traceback" not in missing.reason


def test_a_syntax_error_is_told_with_file_and_line(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """The reason of a refusal names the script and the line, relative to the tree."""
    tree = make_tree("include(cmake/broken.cmake)", **{"cmake__broken.cmake": "set(x 1)\nset(x 1\nset(y 2)\n"})

    (missing,) = ask(tree).not_seen

    assert missing.reason.startswith("cmake/broken.cmake:")
    assert str(tree) not in missing.reason


FOLDERS = [
    "with a space", "semi;colon", "brackets]==]", "a]==])file(WRITE x y)#", 'quote"d', "dollar${HOME}", "back\\slash",
    "ünïcode-日本", "new\nline", "paren(s)", "at@sign@", "hash#", "plus+plus", "[[", "dot.d", "a" * 200, "-dash",
]  # fmt: skip


@pytest.mark.parametrize("folder", [pytest.param(name, id=repr(name)[:30]) for name in FOLDERS])
def test_the_name_of_the_folder_does_not_matter(
    folder: str, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """A tree says the same wherever it lies, and names no folder above itself."""
    text = """
include(${CMAKE_CURRENT_LIST_DIR}/cmake/more.cmake)
file(GLOB SOURCES "csrc/*.cu")
file(READ version.txt VERSION)
add_library(_C MODULE ${SOURCES} ${VERSION}.cu ${MORE})
"""
    tree = make_tree(
        text,
        folder,
        **{"cmake__more.cmake": "set(MORE more.cu)\n", "csrc__a.cu": "", "csrc__b.cu": "", "version.txt": "v1"},
    )

    plan = ask(tree).plan

    assert plan is not None
    assert plan.extensions is not None
    assert plan.extensions[0].sources == ("csrc/a.cu", "csrc/b.cu", "v1.cu", "more.cu")


def test_a_name_that_is_not_utf_8_is_no_traceback(tmp_path: Path, ask: Callable[..., PlanReading]) -> None:
    """A folder may be named in bytes that are no text."""
    tree = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    tree.mkdir()
    (tree / "CMakeLists.txt").write_text("set(x 1)\n", encoding="utf-8")

    reading = ask(tree)

    assert reading.plan is not None or reading.not_seen


def test_links_in_circles_end(tmp_path: Path, ask: Callable[..., PlanReading]) -> None:
    """Folders that link to each other are not walked for ever."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "loop.cmake").symlink_to(tmp_path / "loop.cmake")
    (tmp_path / "CMakeLists.txt").write_text("include(a/up/a/up/x.cmake)\ninclude(loop.cmake)\n", encoding="utf-8")

    reading = ask(tmp_path)

    assert reading.plan is not None
    assert [missing.reason for missing in reading.not_seen if "includes" in missing.reason] == [
        "CMakeLists.txt:1 includes a/up/a/up/x.cmake, which does not lie in the tree and was not run",
        "CMakeLists.txt:2 includes loop.cmake, which does not lie in the tree and was not run",
    ]


def test_a_tree_behind_a_link_is_the_tree(
    tmp_path: Path, make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """A link to a tree is read like the tree."""
    tree = make_tree("include(more.cmake)\nadd_library(_C ${MORE})", **{"more.cmake": "set(MORE a.cu)"})
    (tmp_path / "link").symlink_to(tree)

    plan = ask(tmp_path / "link").plan

    assert plan == ask(tree).plan


def test_a_command_of_a_missing_package_is_passed_over_and_told(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """A command that no script defines does not end the reading; the gap is part of the answer."""
    reading = ask(make_tree("magic_one(x)\nmagic_two(y)\nadd_library(_C a.cu)"))

    assert reading.plan is not None
    assert [missing.reason.split(" comes")[0] for missing in reading.not_seen if "package" in missing.reason] == [
        "the command magic_one",
        "the command magic_two",
    ]


def test_every_command_of_cmake_is_harmless_or_replaced(tmp_path: Path) -> None:
    """A cmake that brings new commands brings nothing that acts: what is not known as harmless is replaced."""
    stubs = Path(__file__).parents[3] / "buildDoctor" / "adapters" / "cmake" / "stubs.cmake"
    script = tmp_path / "ask.cmake"
    # The underscored name of what is replaced twice leads to the first replacement, so it takes any arguments.
    script.write_text(
        f"""cmake_minimum_required(VERSION 3.26...4.0)
get_cmake_property(known COMMANDS)
include("{stubs}")
include("{stubs}")
set(original "")
foreach(name IN LISTS known)
  if(NOT COMMAND __${{name}} AND COMMAND _${{name}})
    list(APPEND replaced ${{name}})
  endif()
  if(NOT COMMAND _${{name}})
    list(APPEND original ${{name}})
  endif()
endforeach()
list(SORT original)
file(WRITE "{tmp_path}/original.txt" "${{original}}")
""",
        encoding="utf-8",
    )
    subprocess.run([str(find_cmake()), "-P", str(script)], check=True)

    assert (tmp_path / "original.txt").read_text(encoding="utf-8").split(";") == sorted(
        [
            "block",
            "break",
            "cmake_minimum_required",
            "cmake_parse_arguments",
            "cmake_path",
            "cmake_policy",
            "continue",
            "else",
            "elseif",
            "endblock",
            "endforeach",
            "endfunction",
            "endif",
            "endmacro",
            "endwhile",
            "file",
            "foreach",
            "function",
            "get_cmake_property",
            "get_filename_component",
            "if",
            "include",
            "include_guard",
            "list",
            "macro",
            "mark_as_advanced",
            "math",
            "option",
            "return",
            "separate_arguments",
            "set",
            "string",
            "unset",
            "while",
        ]
    )
