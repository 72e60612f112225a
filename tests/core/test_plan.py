"""Reading scripts and traces: blocks, names, lists in their scopes, targets and their sources."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.core.evidence import Feature
from buildDoctor.core.plan.blocks import end_of_block, name_of_block, referenced_variables, spelt_in_block
from buildDoctor.core.plan.features import uniquely_named
from buildDoctor.core.plan.lists import Scopes, apply, natural_key
from buildDoctor.core.plan.records import TraceRecord, functions_of, gencode_architectures
from buildDoctor.core.plan.target_records import statements_of
from buildDoctor.core.plan.targets import planned_targets

SCRIPT = """\
if(A)  # if(
  set(X "if(B) endif()")
  #[[ if(C)
  if(C) ]]
  if(D)
    set(Y [=[ endif() ]=])
  endif()
else()
  set(Z 1)
endif()
set(W 1)
"""


@pytest.mark.parametrize(
    ("line", "end"),
    [
        pytest.param(1, 10, id="over an inner block"),
        pytest.param(5, 7, id="of the inner block"),
        pytest.param(11, 12, id="without an if it is the last line"),
        pytest.param(99, 12, id="behind the end it is the last line"),
    ],
)
def test_a_block_ends_at_its_own_endif(line: int, end: int) -> None:
    """Comments, texts and brackets hold no blocks."""
    assert end_of_block(SCRIPT, line) == end


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Building NVFP4 for archs: ${A}", "NVFP4"),
        ("Not building NVFP4 as no compatible archs were found", "NVFP4"),
        ("Building hadacore", "hadacore"),
        ("Building Marlin kernels for archs: ${A}", "Marlin"),
        ("Building scaled_mm_c3x_sm90 for archs: ${A}", "scaled_mm_c3x_sm90"),
        ("Something else", None),
        ("Building ${A}", None),
    ],
)
def test_a_block_is_named_by_its_messages(message: str, name: str | None) -> None:
    """As the user reads it while building."""
    assert name_of_block(f'if(A)\n  message(STATUS "{message}")\nendif()\n', 1, 3) == name


def test_a_command_names_its_variables_in_their_order() -> None:
    """Only those of its own arguments."""
    text = 'set(X ${BEFORE})\nmeet(R "${LIST}"\n  "${TARGETS}")\nset(X ${AFTER})\n'

    assert referenced_variables(text, 2) == ("LIST", "TARGETS")


def test_a_block_claims_only_what_its_first_branch_spells() -> None:
    """Sources and macros of the other branch are not those of the feature."""
    text = """\
if(A)
  set(SRCS "csrc/a.cu" csrc/b.cu)
  list(APPEND FLAGS "-DENABLE_A=1" -DENABLE_B)
else()
  set(SRCS csrc/c.cu)
endif()
"""

    assert spelt_in_block(text, 1, 6) == (("csrc/a.cu", "csrc/b.cu"), ("ENABLE_A=1", "ENABLE_B"))


def record(command: str, *arguments: str, frame: int = 1) -> TraceRecord:
    """A command of a trace."""
    return TraceRecord(command, arguments, "CMakeLists.txt", 1, frame)


def after(
    *records: TraceRecord,
) -> tuple[Scopes, list[tuple[str | None, tuple[str, ...] | None, tuple[str, ...] | None]]]:
    """The scopes behind some commands, and the steps that they make."""
    scopes, steps = Scopes(functions_of(records)), []
    for one in records:
        scopes.enter(one)
        step = apply(one, scopes)
        if step is not None:
            steps.append((step.variable, step.before, step.after))
        scopes.leave(one)
    return scopes, steps


def test_lists_change_step_by_step() -> None:
    """Each change to a list of architectures is a step; a change of another list, and no change, is none."""
    _scopes, steps = after(
        record("set", "A", "9.0;12.0"),
        record("set", "A", "9.0;12.0"),
        record("set", "B", "a.cu"),
        record("list", "APPEND", "A", "8.0", "9.0"),
        record("list", "REMOVE_ITEM", "A", "12.0"),
        record("list", "REMOVE_ITEM", "A", "7.0"),
        record("list", "REMOVE_DUPLICATES", "A"),
        record("list", "SORT", "A", "COMPARE", "NATURAL", "ORDER", "DESCENDING"),
        record("unset", "A"),
    )

    assert steps == [
        ("A", None, ("9.0", "12.0")),
        ("A", ("9.0", "12.0"), ("9.0", "12.0", "8.0", "9.0")),
        ("A", ("9.0", "12.0", "8.0", "9.0"), ("9.0", "8.0", "9.0")),
        ("A", ("9.0", "8.0", "9.0"), ("9.0", "8.0")),
        ("A", ("9.0", "8.0"), ()),
    ]


def test_a_function_has_variables_of_its_own() -> None:
    """What it sets is gone when it returns, except for what it sets outside."""
    scopes, _steps = after(
        record("function", "f", "PARAMETER"),
        record("set", "A", "9.0"),
        record("set", "PARAMETER", "8.0"),
        record("f", "10.0;12.0"),
        record("set", "A", "7.0", frame=2),
        record("list", "APPEND", "PARAMETER", "11.0", frame=2),
        record("set", "OUT", "12.0", "PARENT_SCOPE", frame=2),
        record("set", "LAST", "1.0"),
    )

    assert [scopes.get(name) for name in ("A", "PARAMETER", "OUT")] == [("9.0",), ("8.0",), ("12.0",)]


def test_a_parameter_holds_what_the_call_gave() -> None:
    """Inside of the function its lists begin with the arguments."""
    _scopes, steps = after(
        record("function", "f", "RESULT", "GIVEN"),
        record("f", "X", "9.0;12.0"),
        record("list", "REMOVE_ITEM", "GIVEN", "12.0", frame=2),
    )

    assert steps == [("GIVEN", ("9.0", "12.0"), ("9.0",))]


@pytest.mark.parametrize(
    "writer",
    [
        record("string", "REPLACE", "a", "", "A", "12.0a"),
        record("file", "READ", "x", "A"),
        record("list", "TRANSFORM", "A", "APPEND", "a"),
        record("list", "FILTER", "A", "EXCLUDE", "REGEX", "a"),
        record("list", "GET", "B", "0", "A"),
        record("list", "SORT", "A", "COMPARE", "FILE_BASENAME"),
        record("foreach", "A", "1.0", "2.0"),
        record("execute_process", "COMMAND", "x", "OUTPUT_VARIABLE", "A"),
    ],
    ids=lambda one: " ".join((one.command, *one.arguments[:1])),
)
def test_what_the_trace_does_not_tell_is_not_known(writer: TraceRecord) -> None:
    """No step is made from a value that another command has changed meanwhile."""
    scopes, steps = after(record("set", "A", "9.0"), writer, record("list", "APPEND", "A", "12.0"))

    assert scopes.get("A") is None
    assert len(steps) == 1


def test_a_value_for_the_cache_does_not_replace_a_variable() -> None:
    """`set(… CACHE …)` gives a default."""
    scopes, _steps = after(
        record("set", "A", "9.0"),
        record("set", "A", "8.0", "CACHE", "STRING", "doc"),
        record("set", "B", "8.0", "CACHE", "STRING", "doc"),
    )

    assert (scopes.get("A"), scopes.get("B")) == (("9.0",), ("8.0",))


def test_natural_order_is_that_of_cmake(tmp_path: Path) -> None:
    """The oracle: `list(SORT … COMPARE NATURAL)` of CMake itself."""
    items = ["12.0", "9.0", "10.0", "9.0a", "7.5", "12.0a", "12.1", "8.9", "8.0+PTX", "100.0", "x10", "x9", "9"]
    script = tmp_path / "sort.cmake"
    script.write_text(
        f'set(L "{";".join(items)}")\nlist(SORT L COMPARE NATURAL)\nmessage("${{L}}")\n', encoding="utf-8"
    )
    ended = subprocess.run([str(find_cmake()), "-P", str(script)], capture_output=True, text=True, check=True)

    assert sorted(items, key=natural_key) == ended.stderr.strip().split(";")


@pytest.mark.parametrize("text", ["", "²", "\u0663.\u0660", "9" * 10_000, "\x00"])
def test_any_text_has_a_place_in_natural_order(text: str) -> None:
    """Digits of other scripts and numbers without end are texts like others."""
    assert sorted([text, "9.0"], key=natural_key)


@pytest.mark.parametrize(
    ("flags", "architectures"),
    [
        ("-gencode arch=compute_90a,code=sm_90a", ("9.0a",)),
        ("-gencode;arch=compute_120,code=sm_120", ("12.0",)),
        ("-gencode arch=compute_80,code=[sm_80,compute_80]", ("8.0+PTX",)),
        ("-gencode arch=compute_90,code=sm_90 -gencode arch=compute_90,code=compute_90", ("9.0+PTX",)),
        ("-gencode arch=compute_80,code=compute_80", ("compute_80",)),
        ("-gencode arch=compute_90,code=sm_100", ("10.0",)),
        ("-gencode arch=compute_90,code=lto_90", ("lto_90",)),
        ("-O3 -DNDEBUG", ()),
    ],
)
def test_flags_say_what_is_compiled(flags: str, architectures: tuple[str, ...]) -> None:
    """Cubins dotted, PTX beside its cubin, PTX alone by its virtual architecture."""
    assert gencode_architectures(flags) == architectures


def test_features_with_one_name_are_told_apart() -> None:
    """By the chip of their macros, else by a number."""
    features = [
        Feature(name="NVFP4", definitions=("ENABLE_NVFP4_SM120=1",)),
        Feature(name="NVFP4", definitions=("ENABLE_NVFP4_SM100=1",)),
        Feature(name="Marlin"),
        Feature(name="Marlin"),
        Feature(name="MLA", definitions=("ENABLE_SM90",)),
    ]

    assert [feature.name for feature in uniquely_named(features)] == [
        "NVFP4 SM120",
        "NVFP4 SM100",
        "Marlin",
        "Marlin #2",
        "MLA",
    ]


def test_an_extension_has_its_sources_and_they_their_options() -> None:
    """Words of the command are no sources; options of a source, macros of the target."""
    records = (
        record("set_property", "SOURCE", "a.cu", "b.cu", "APPEND", "PROPERTY", "COMPILE_OPTIONS",
               "$<$<COMPILE_LANGUAGE:CUDA>:-gencode;arch=compute_90a,code=sm_90a>"),
        record("python_add_library", "_C", "MODULE", "USE_SABI", "3", "WITH_SOABI", "a.cu;b.cu", "c.cpp", "c.cpp"),
        record("target_compile_options", "_C", "PRIVATE", "$<$<COMPILE_LANGUAGE:CUDA>:-DENABLE=1>"),
        record("target_compile_definitions", "_C", "PRIVATE", "PLAIN"),
    )  # fmt: skip

    planned = planned_targets(statements_of(records))

    (extension,), sources = planned.extensions, planned.sources

    assert (extension.name, extension.sources) == ("_C", ("a.cu", "b.cu", "c.cpp"))
    assert [(one.path, one.architectures, one.definitions) for one in sources] == [
        ("a.cu", ("9.0a",), ("ENABLE=1", "PLAIN")),
        ("b.cu", ("9.0a",), ("ENABLE=1", "PLAIN")),
    ]


def test_steps_of_a_list_follow_each_other() -> None:
    """What a step leaves is what the next one of the same list begins with."""
    _scopes, steps = after(
        *(record("list", "APPEND", "A", f"{number}.0") for number in range(1, 20)),
        record("list", "REVERSE", "A"),
        record("list", "PREPEND", "A", "9.0a"),
    )

    assert all(first[2] == second[1] for first, second in pairwise(steps))
    assert len(steps) == 21
