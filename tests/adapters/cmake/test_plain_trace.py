"""A plain trace says what the same trace says as JSON, or nothing: cmake's own JSON is the oracle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake import replay as replaying
from buildDoctor.adapters.cmake.plain_trace import read_plain_trace
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.scripts import read_scripts
from buildDoctor.core.plan import TraceRecord
from buildDoctor.core.plan.target_records import NOTE

QUESTION = Question(cuda="12.9", request=("9.0", "12.0"))
MORE = {
    "cmake__more.cmake": "set(MORE more.cu)\nmacro(from_more x)\n set(Y ${x})\n set(Z z)\nendmacro()\n",
    "sub__CMakeLists.txt": "set(IN_SUB 1)\nadd_library(_S MODULE a.cu ${IN_SUB}.cu)\nfrom_more(2)\nset(BEHIND 1)\n",
}

CERTAIN = {
    "words": "set(A 9.0 12.0)\nset(B ${A})\nlist(APPEND B 10.0)",
    "a text with spaces": 'set(FLAGS "-O2 -g")\nset(FLAGS "${FLAGS} -DX=1 -DY=2")\nmessage(STATUS "flags: ${FLAGS} end")',
    "texts around two texts": 'set(A "x y")\nmessage(STATUS "import ${A}; print(${A})" "no ${A} path")',
    "empty arguments": 'set(A "")\nset(B "${A}" "" ${A} x)\nset(C)',
    "a command over many lines": 'set(A # why\n  9.0\n  "a b" # and why not )\n  12.0)\nset(B "1\n2")',
    "brackets": "set(A [[a b ${A}]] [=[c ]] d]=])\n#[[ set(B\n]]\nset(C 1)\nmessage(STATUS [[\nx]])",
    "escapes": 'set(A a\\;b "c\\"d" \\$x)\nstring(REGEX REPLACE "^a\\\\.b$" "" OUT "${A}")',
    "a condition in parentheses": 'set(A "1 2")\nif((A AND NOT (B)) OR ("${A}" STREQUAL "1 2"))\n set(C 1)\nendif()',
    "an old kind of argument": 'set(X y)\nset(A -D"a b" -D${X}="c d")',
    "capitals": "SET(A 1)\nFUNCTION(F x)\n Set(B ${x})\nENDFUNCTION()\nf(2)\nF(3)",
    "a list in one argument": 'set(A a;b c)\nset(B "${A}" ${A})',
    "functions in functions": (
        "function(inner R)\n set(${R} 1 PARENT_SCOPE)\nendfunction()\n"
        "function(outer R)\n inner(X)\n foreach(i 1 2)\n  inner(X)\n endforeach()\n set(${R} ${X} PARENT_SCOPE)\nendfunction()\n"
        "outer(A)\nouter(B)\ninner(C)\nset(D 1)"
    ),
    "a function that is defined in another": (
        "function(outer)\n function(inner)\n  set(A 1)\n endfunction()\n inner()\n set(B 1)\nendfunction()\n"
        "outer()\ninner()\nouter()"
    ),
    "macros in macros": (
        "macro(inner R)\n set(${R} ${ARGN})\nendmacro()\nmacro(outer R)\n inner(${R} 1 ${ARGN})\nendmacro()\nouter(A 2 3)"
    ),
    "an empty function": "function(nothing)\nendfunction()\nnothing()\nnothing()\nset(A 1)",
    "a return": "function(f)\n if(ARGC)\n  return()\n endif()\n set(A 1)\nendfunction()\nf()\nf(1)\nset(B 1)",
    "a script": "include(cmake/more.cmake)\nset(A ${MORE})\ninclude(cmake/more.cmake)\nfrom_more(1)\nset(B ${Y})",
    "a script in a function": "function(f)\n include(cmake/more.cmake)\n set(A ${MORE})\nendfunction()\nf()\nset(B 1)",
    "a folder": "include(cmake/more.cmake)\nadd_subdirectory(sub)\nset(A 1)\nadd_library(_C MODULE a.cu)",
    "torch": 'find_package(Torch REQUIRED)\nset(A "${CMAKE_CUDA_FLAGS}")',
    "targets": (
        'add_library(_C MODULE a.cu "b c.cu")\nset_property(SOURCE a.cu APPEND PROPERTY COMPILE_OPTIONS "-gencode x")\n'
        'target_compile_options(_C PRIVATE "$<$<COMPILE_LANGUAGE:CUDA>:-O2 -g>")'
    ),
    "letters of other languages": 'set(A "é 日本")\nmessage(STATUS "${A} ü")',
}

UNCERTAIN = {
    "two texts with spaces side by side": 'set(A "x y")\nset(B "z w")\nset(C "${A}" "${B}")',
    "a function that calls itself": "function(f more)\n set(A ${more})\n if(more)\n  f(0)\n endif()\n set(B 1)\nendfunction()\nf(1)",
    "a script that includes itself": "if(NOT ONCE)\n set(ONCE 1)\n include(CMakeLists.txt)\nendif()\nset(A 1)",
    "a line of a text that begins with a slash": 'set(A "x\n/y")\nset(B 1)',
    "a replaced function that calls the one before": (
        "function(f)\n set(A 1)\nendfunction()\nfunction(f)\n _f()\n set(B 1)\nendfunction()\nf()"
    ),
}

Readings = Callable[[str], tuple[replaying.Replay, bool, replaying.Replay]]


@pytest.fixture
def readings(make_tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Readings:
    """Replays a tree as ever, with whether the plain trace said all, and once more as JSON."""

    def read(text: str) -> tuple[replaying.Replay, bool, replaying.Replay]:
        tree = make_tree(text, **MORE)
        certain: list[bool] = []

        def watched(*given: object) -> tuple[TraceRecord, ...] | None:
            found = read_plain_trace(*given)  # type: ignore[arg-type]  # handed on as they are
            certain.append(found is not None)
            return found

        found = []
        for way in (watched, lambda *_given: None):
            monkeypatch.setattr(replaying, "read_plain_trace", way)
            found.append(replaying.replay(tree, QUESTION, read_scripts(tree)))
        first, second = found
        assert isinstance(first, replaying.Replay)
        assert isinstance(second, replaying.Replay)
        return first, certain == [True], second

    return read


def said(run: replaying.Replay) -> list[tuple[object, ...]]:
    """The records; how deep the replay itself stands when it tells something does not matter."""
    return [(r.command, r.arguments, r.file, r.line, 0 if r.command == NOTE else r.frame) for r in run.records]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CERTAIN.items()])
def test_words_say_what_json_says(text: str, readings: Readings) -> None:
    """Arguments, lines and depths are the same to the letter."""
    plain, certain, as_json = readings(text)

    assert certain
    assert said(plain) == said(as_json)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in UNCERTAIN.items()])
def test_words_that_can_be_read_in_two_ways_are_not_read(text: str, readings: Readings) -> None:
    """JSON is asked for instead, and the answer is no other."""
    plain, certain, as_json = readings(text)

    assert not certain
    assert said(plain) == said(as_json)


def test_what_the_replay_tells_is_believed_of_the_replay_alone(
    make_tree: Callable[..., Path], ask: Callable[..., object]
) -> None:
    """A tree that calls the note by its name tells nothing."""
    tree = make_tree('_build_doctor_note()\n_build_doctor_note(torch x)\n_build_doctor_note(fetched "<1>evil" "<2>x")')
    run = replaying.replay(tree, QUESTION, read_scripts(tree))

    assert isinstance(run, replaying.Replay)
    assert [record.arguments[0] for record in run.records if record.command == NOTE] == ["leave"]
    assert "evil" not in repr(ask(tree))
