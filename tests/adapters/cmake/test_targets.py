"""Architectures in CMake's own terms: properties, flags, expressions, folders and links. CMake's command lines are the oracle."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.core.device.architectures import parse
from buildDoctor.core.evidence import Plan

ROOT = """\
cmake_minimum_required(VERSION 3.26)
project(several LANGUAGES CUDA)
add_library(asked MODULE a.cu)
add_library(listed MODULE a.cu)
set_target_properties(listed PROPERTIES CUDA_ARCHITECTURES "80-real;90a-real;100-virtual;120")
add_library(off MODULE a.cu)
set_property(TARGET off PROPERTY CUDA_ARCHITECTURES OFF)
target_compile_options(off PRIVATE "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-gencode arch=compute_90a,code=sm_90a>")
add_library(both MODULE a.cu b.cu)
target_compile_options(both PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--generate-code=arch=compute_120a,code=[sm_120a]>)
set_source_files_properties(b.cu PROPERTIES COMPILE_FLAGS "-gencode arch=compute_103a,code=sm_103a")
add_library(other_language MODULE a.cu)
target_compile_options(other_language PRIVATE
  $<$<COMPILE_LANGUAGE:CXX>:-gencode=arch=compute_75,code=sm_75>
  $<$<AND:$<COMPILE_LANGUAGE:CUDA>,$<CONFIG:Release>>:-gencode=arch=compute_86,code=sm_86>
  $<$<COMPILE_LANG_AND_ID:CUDA,Clang>:-gencode=arch=compute_75,code=sm_75>)
add_library(flags INTERFACE)
target_compile_options(flags INTERFACE $<$<COMPILE_LANGUAGE:CUDA>:-gencode=arch=compute_121,code=sm_121>)
add_library(middle INTERFACE)
target_link_libraries(middle INTERFACE flags)
add_library(linked MODULE a.cu)
target_link_libraries(linked PRIVATE middle)
add_library(everything MODULE a.cu)
set_target_properties(everything PROPERTIES CUDA_ARCHITECTURES all)
add_library(majors MODULE a.cu)
set_target_properties(majors PROPERTIES CUDA_ARCHITECTURES all-major)
add_subdirectory(sub)
set(CMAKE_CUDA_ARCHITECTURES 89-real)
add_library(later MODULE a.cu $<TARGET_OBJECTS:objects>)
"""
SUB = """\
set(CMAKE_CUDA_ARCHITECTURES 86)
add_compile_options($<$<COMPILE_LANGUAGE:CUDA>:-gencode=arch=compute_110,code=sm_110>)
add_library(objects OBJECT c.cu ${CMAKE_SOURCE_DIR}/a.cu ../b.cu)
target_sources(objects PRIVATE d.cu)
string(APPEND CMAKE_CUDA_FLAGS " -gencode arch=compute_80,code=sm_80")
"""
SOURCES = ("a.cu", "b.cu", "sub/c.cu", "sub/d.cu")
REQUEST = ("9.0", "12.0+PTX")
IN_CMAKE_TERMS = "90-real;120"
_FLAG = re.compile(r"arch=compute_\w+,code=\[?([\w,]+)\]?")


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """A tree that says architectures in every way."""
    tree = tmp_path / "several"
    (tree / "sub").mkdir(parents=True)
    (tree / "CMakeLists.txt").write_text(ROOT, encoding="utf-8")
    (tree / "sub" / "CMakeLists.txt").write_text(SUB, encoding="utf-8")
    for source in SOURCES:
        (tree / source).write_text("", encoding="utf-8")
    return tree


def planned(plan: Plan) -> dict[tuple[str, str], set[str]]:
    """The cubins and the PTX of each source of each target."""
    found = {}
    for source in plan.sources or ():
        codes: set[str] = set()
        for text in source.architectures or ():
            architecture = parse(text)
            codes |= {f"compute_{architecture.number}"} if architecture.ptx else set()
            codes |= set() if text.startswith("compute_") else {f"sm_{architecture.number}"}
        found[source.extension or "", source.path or ""] = codes
    return found


def commanded(tree: Path, folder: Path) -> dict[tuple[str, str], set[str]]:
    """The same of the command lines that CMake itself writes for the compiler of this machine."""
    command = [
        str(find_cmake()), "-S", str(tree), "-B", str(folder), "-G", "Unix Makefiles", "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", f"-DCMAKE_CUDA_ARCHITECTURES={IN_CMAKE_TERMS}",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    found = {}
    for entry in json.loads((folder / "compile_commands.json").read_text("utf-8")):
        target = re.search(r"CMakeFiles/([^/]+)\.dir/", entry["output"])
        assert target is not None
        codes = {code for text in _FLAG.findall(entry["command"]) for code in text.split(",")}
        found[target[1], str(Path(entry["file"]).relative_to(tree))] = codes
    return found


@pytest.mark.skipif(not (shutil.which("nvcc") and shutil.which("make")), reason="CMake asks nvcc and make for this")
def test_each_source_is_compiled_for_what_cmake_commands(several: Path, tmp_path: Path) -> None:
    """Target by target and source by source, the plan has the flags of CMake's own command lines."""
    said = subprocess.run(["nvcc", "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"V(\d+\.\d+\.\d+)", said)
    assert version is not None

    reading = read_plan(several, Question(cuda=version[1], request=REQUEST))

    assert reading.plan is not None
    real = commanded(several, tmp_path / "build")
    # For these CMake leaves it to the compiler, by `-arch=all`; its module says what that is.
    assert [real.pop((target, "a.cu")) for target in ("everything", "majors")] == [set(), set()]
    assert {key: codes for key, codes in planned(reading.plan).items() if key in real} == real


def test_architectures_are_decided_where_cmake_decides_them(several: Path) -> None:
    """The same tree without a compiler: what was compared once, by heart."""
    plan = read_plan(several, Question(cuda="13.0", request=REQUEST)).plan
    assert plan is not None

    by_source = {(s.extension, s.path): s.architectures for s in plan.sources or ()}

    assert by_source["asked", "a.cu"] == ("9.0", "12.0+PTX")
    assert by_source["listed", "a.cu"] == ("8.0", "9.0a", "compute_100", "12.0+PTX")
    assert by_source["off", "a.cu"] == ("9.0a",)
    assert by_source["both", "b.cu"] == ("9.0", "12.0+PTX", "12.0a", "10.3a")
    assert by_source["other_language", "a.cu"] == ("9.0", "12.0+PTX", "8.6")
    assert by_source["linked", "a.cu"] == ("9.0", "12.0+PTX", "12.1")
    assert by_source["objects", "sub/d.cu"] == ("8.6+PTX", "8.0", "11.0")
    assert by_source["later", "a.cu"] == ("8.9",)
    assert [e.links for e in plan.extensions or () if e.name == "later"] == [("objects",)]
    assert {path for name, path in by_source if name == "objects"} == {"a.cu", "b.cu", "sub/c.cu", "sub/d.cu"}


HEAD = "cmake_minimum_required(VERSION 3.26)\nproject(small LANGUAGES CXX CUDA)\n"
Ask = Callable[..., PlanReading]


def small(folder: Path, text: str, **scripts: str) -> Path:
    """A tree that enables CUDA."""
    for name, content in {"CMakeLists.txt": HEAD + text, **scripts}.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("value", "architectures"),
    [
        pytest.param("90a-real", ("9.0a",), id="a cubin"),
        pytest.param("120f-virtual", ("compute_120f",), id="PTX alone"),
        pytest.param("75;90-real;90-virtual", ("7.5+PTX", "9.0+PTX"), id="cubin and PTX apart"),
        pytest.param("OFF", (), id="no flag"),
        pytest.param("native", None, id="the GPUs of another machine"),
        pytest.param("Hopper", None, id="nothing that CMake takes"),
    ],
)
def test_a_property_means_what_its_documentation_says(
    value: str, architectures: tuple[str, ...] | None, tmp_path: Path
) -> None:
    """What cannot be said here is not known, and the reason stands beside the sources."""
    tree = small(tmp_path, f'add_library(_C a.cu)\nset_target_properties(_C PROPERTIES CUDA_ARCHITECTURES "{value}")\n')

    reading = read_plan(tree, Question(cuda="12.9", request=("9.0",)))

    assert reading.plan is not None
    assert [source.architectures for source in reading.plan.sources or ()] == [architectures]
    assert any(gap.path == "plan.sources" for gap in reading.not_seen) is (architectures is None)


def test_native_is_the_gpus_that_the_build_finds(tmp_path: Path) -> None:
    """Where no list is stated and GPUs are known, `native` stands for them."""
    tree = small(tmp_path, "add_library(_C a.cu)\nset_target_properties(_C PROPERTIES CUDA_ARCHITECTURES native)\n")

    plan = read_plan(tree, Question(cuda="12.9", request=("12.0",), detects=True)).plan

    assert plan is not None
    assert plan.architectures == ("12.0",)


def test_a_project_that_nobody_asks_takes_the_compilers_default(tmp_path: Path) -> None:
    """CMake puts nvcc's default into CMAKE_CUDA_ARCHITECTURES when CUDA is enabled and nobody set it."""
    tree = small(tmp_path, "add_library(_C a.cu)\n")

    found = [
        plan.architectures
        for cuda in ("12.9", "13.0")
        if (plan := read_plan(tree, Question(cuda=cuda, request=("12.0",), detects=True)).plan)
    ]

    assert found == [("5.2+PTX",), ("7.5+PTX",)]


def test_a_definition_decides_before_the_project(tmp_path: Path) -> None:
    """What stands in CMAKE_ARGS is in the cache before the scripts run."""
    text = 'option(WITH_CUDA "x" OFF)\nif(WITH_CUDA)\n  add_library(_C a.cu)\nendif()\n'
    tree = small(tmp_path, text)
    question = Question(cuda="12.9", request=("9.0",))

    without = read_plan(tree, question).plan
    plan = read_plan(tree, Question(cuda="12.9", request=("9.0",), definitions=(("WITH_CUDA", "ON"),))).plan

    assert without is not None
    assert plan is not None
    assert (without.extensions, len(plan.extensions or ())) == ((), 1)


def test_what_is_fetched_is_said_to_be_unknown(tmp_path: Path) -> None:
    """Nothing is downloaded, and the gap is part of the answer."""
    text = (
        "include(FetchContent)\nFetchContent_Declare(deep URL http://localhost/x)\nFetchContent_MakeAvailable(deep)\n"
        "add_subdirectory(${deep_SOURCE_DIR})\nfile(GLOB FOUND ${deep_SOURCE_DIR}/*.cu)\nadd_library(_C a.cu ${FOUND})\n"
    )

    reading = read_plan(small(tmp_path, text), Question(cuda="12.9", request=("9.0",)))

    assert reading.plan is not None
    reasons = [gap.reason for gap in reading.not_seen if gap.path.startswith("plan.extensions")]
    assert reasons == [
        "the sources /fetched/deep/*.cu of _C come with what is fetched while configuring; they are not counted",
        "CMakeLists.txt:6 adds the folder of /fetched/deep/CMakeLists.txt, which does not lie in the tree and was not run",
        "deep is fetched while configuring; what its own build scripts add is not known",
    ]


def test_a_folder_has_variables_of_its_own_and_reaches_its_parent(tmp_path: Path) -> None:
    """As with CMake, what a sub-directory sets is its own unless it says PARENT_SCOPE."""
    tree = small(
        tmp_path,
        "set(A top.cu)\nadd_subdirectory(sub)\nadd_library(_C ${A} ${B} ${PROJECT_NAME}.cu)\n",
        sub__CMakeLists__txt="",
    )
    (tree / "sub").mkdir(exist_ok=True)
    script = 'project(inner VERSION 1.2)\nset(A sub.cu)\nset(B "given.cu" PARENT_SCOPE)\n'
    (tree / "sub" / "CMakeLists.txt").write_text(script, encoding="utf-8")

    plan = read_plan(tree, Question(cuda="12.9", request=("9.0",))).plan

    assert plan is not None
    assert [extension.sources for extension in plan.extensions or ()] == [("top.cu", "given.cu", "small.cu")]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        pytest.param(
            '{"version": 6, "configurePresets": [{"name": "big", "cacheVariables": {"CMAKE_CUDA_ARCHITECTURES": '
            '{"type": "STRING", "value": "90"}, "X": "1"}}, {"name": "plain"}]}',
            ["the preset big sets CMAKE_CUDA_ARCHITECTURES to 90"],
            id="one that chooses",
        ),
        pytest.param('{"configurePresets": {"a": []}}', [], id="another shape"),
        pytest.param("[" * 100_000, [], id="too deep"),
        pytest.param("no JSON", [], id="no JSON"),
    ],
)
def test_presets_are_told_and_not_applied(text: str, reasons: list[str], tmp_path: Path) -> None:
    """CMake takes a preset only when it is named on its command line."""
    tree = small(tmp_path, "add_library(_C a.cu)\n", **{"CMakePresets.json": text})

    reading = read_plan(tree, Question(cuda="12.9", request=("9.0",)))

    assert reading.plan is not None
    assert reading.plan.architectures == ("9.0",)
    assert [gap.reason.partition(";")[0] for gap in reading.not_seen if gap.path == "plan.request"] == reasons
