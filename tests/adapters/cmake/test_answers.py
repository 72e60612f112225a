"""What a plan says is what CMake itself decides: the scripts' own functions, asked directly, are the oracle."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question, compiler_version, gencode_flags, split_request
from buildDoctor.core.evidence import Plan

DEMO = Path(__file__).parents[3] / "buildDoctor" / "demo"
CASE = "7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX"
REQUESTS = {
    "the case": CASE,
    "Hopper alone": "9.0",
    "Blackwell alone": "12.0",
    "GB10": "12.1",
    "B200 and B300": "10.0 10.3",
    "old ones": "7.0 7.5",
    "a suffix": "9.0a 12.0a",
    "a family": "12.0f",
    "in no order": "12.0 7.5 9.0 8.0",
    "nothing that the project supports": "5.2",
}
TOOLKITS = ("11.8", "12.4", "12.8", "12.9", "13.0", "13.4")


def plan_of(tree: Path, cuda: str, request: str) -> Plan:
    """The plan of a tree, which must have one."""
    reading = read_plan(tree, Question(cuda=cuda, request=split_request(request)))
    assert reading.plan is not None, reading.not_seen
    return reading.plan


def asked_directly(folder: Path, script: str) -> list[tuple[str, ...]]:
    """The lists that a script prints, one on each line, run by cmake without build-doctor."""
    file = folder / "oracle.cmake"
    file.write_text(f"cmake_minimum_required(VERSION 3.26)\n{script}", encoding="utf-8")
    ended = subprocess.run([str(find_cmake()), "-P", str(file)], check=True, capture_output=True, text=True)
    return [tuple(filter(None, line.split(";"))) for line in re.findall(r"^@(.*)@$", ended.stderr, re.MULTILINE)]


@pytest.mark.parametrize("cuda", TOOLKITS)
@pytest.mark.parametrize("request_", [pytest.param(text, id=name) for name, text in REQUESTS.items()])
def test_the_lists_of_the_demo_are_what_its_own_functions_give(cuda: str, request_: str, tmp_path: Path) -> None:
    """Build list, matrix kernels and FP4 kernels, for each request and toolkit."""
    build = asked_directly(
        tmp_path,
        f"""
set(CMAKE_CUDA_FLAGS "{gencode_flags(split_request(request_))}")
include("{DEMO}/cmake/architectures.cmake")
set(V {compiler_version(cuda)})
if(V VERSION_GREATER_EQUAL 13.0)
  set(S 7.5 8.0 8.6 8.7 8.9 9.0 12.0 12.0f)
  set(F 12.0f)
elseif(V VERSION_GREATER_EQUAL 12.8)
  set(S 7.0 7.2 7.5 8.0 8.6 8.7 8.9 9.0 12.0 12.0a)
  set(F 12.0a 12.1a)
else()
  set(S 7.0 7.2 7.5 8.0 8.6 8.7 8.9 9.0)
  set(F 12.0a 12.1a)
endif()
requested_architectures(ALL)
match_architectures(ALL "${{S}}" "${{ALL}}")
message("@${{ALL}}@")
match_architectures(ONE "9.0a" "${{ALL}}")
message("@${{ONE}}@")
match_architectures(ONE "12.0;12.0a" "${{ALL}}")
message("@${{ONE}}@")
match_architectures(ONE "${{F}}" "${{ALL}}")
message("@${{ONE}}@")
""",
    )

    plan = plan_of(DEMO, cuda, request_)

    assert [plan.architectures, *(feature.gets for feature in plan.features or ())] == build


CASE_LISTS = {
    "the case": ("7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a", "12.0a;7.0;7.5;8.0;8.6;9.0", ""),
    "the fix that the case proposes": (
        "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;10.0;10.0a;12.0;12.0a",
        "10.0a;12.0a;7.0;7.5;8.0;8.6;9.0",
        "",
    ),
    "without the suffixed entry": (
        "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0",
        "7.0;7.5;8.0;8.6;9.0;12.0",
        "12.0a",
    ),
    "as upstream": (
        "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;10.0;10.1;12.0",
        "7.0;7.5;8.0;8.6;9.0;10.0;12.0",
        "12.0a",
    ),
}


@pytest.mark.parametrize(
    ("supported", "build", "fp4"), [pytest.param(*lists, id=name) for name, lists in CASE_LISTS.items()]
)
def test_the_case_row_by_row(supported: str, build: str, fp4: str, tmp_path: Path) -> None:
    """Which supported list gives which build and which FP4 kernels, for the case's request and toolkit."""
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    script = tree / "CMakeLists.txt"
    text = script.read_text(encoding="utf-8")
    edited = text.replace("7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a", supported)
    script.write_text(edited, encoding="utf-8")

    plan = plan_of(tree, "12.9", CASE)

    assert plan.supported is not None
    assert plan.supported.architectures == tuple(supported.split(";"))
    assert plan.architectures == tuple(build.split(";"))
    nvfp4 = next(feature for feature in plan.features or () if feature.name == "NVFP4")
    assert (nvfp4.gets, nvfp4.built) == (tuple(filter(None, fp4.split(";"))), bool(fp4))


def test_the_case_with_a_newer_toolkit_works_by_luck() -> None:
    """The branch for CUDA 13 names 12.0f, which this function passes through."""
    plan = plan_of(DEMO, "13.0", CASE)

    nvfp4 = next(feature for feature in plan.features or () if feature.name == "NVFP4")
    assert nvfp4.gets == ("12.0f",)


def test_the_steps_show_the_line_that_takes_the_target_away() -> None:
    """The trace holds the one command that removes 12.0 from the targets, and what the list was before."""
    text = (DEMO / "cmake" / "architectures.cmake").read_text(encoding="utf-8").splitlines()
    line = next(number for number, row in enumerate(text, 1) if "REMOVE_ITEM OPEN" in row)

    removals = [step for step in plan_of(DEMO, "12.9", CASE).steps or () if step.line == line]

    assert [(step.file, step.before, step.after) for step in removals[:1]] == [
        (
            "cmake/architectures.cmake",
            ("7.0", "7.5", "8.0", "8.6", "9.0", "10.0", "12.0"),
            ("7.0", "7.5", "8.0", "8.6", "9.0", "10.0"),
        )
    ]


_COMMAND = re.compile(
    r"^(?P<indent>[ \t]*)(?P<command>set|list)[ \t]*\([^()]*\)[ \t]*(?:#[^\n]*)?$", re.IGNORECASE | re.MULTILINE
)
_TARGET = re.compile(
    r"(?:set|list)[ \t]*\((?:(?:APPEND|PREPEND|REMOVE_ITEM|REMOVE_DUPLICATES|SORT|REVERSE)[ \t]+)?([\w${}]+)",
    re.IGNORECASE,
)


def with_messages(text: str, file: str) -> str:
    """A script that says the value of each list right behind the command that changes it, on the same line.

    Args:
        text: the script.
        file: its name, for the messages.
    """

    def said(found: re.Match[str]) -> str:
        target = _TARGET.search(found[0])
        if target is None or "PARENT_SCOPE" in found[0]:
            return found[0]
        line = text.count("\n", 0, found.start("command")) + 1
        name = target[1]
        return f'{found[0]}\nmessage(ORACLE "{file}" {line} "{name}" "${{{name}}}")'

    return _COMMAND.sub(said, text)


def assert_steps_are_true(tree: Path, copy: Path, cuda: str, request: str) -> int:
    """Compare each traced change with the value that CMake itself expands right behind it; gives their number."""
    from buildDoctor.adapters.cmake.replay import Replay, replay  # noqa: PLC0415  only this comparison reads records
    from buildDoctor.adapters.cmake.scripts import read_scripts  # noqa: PLC0415  as above

    question = Question(cuda=cuda, request=split_request(request))
    shutil.copytree(tree, copy, symlinks=True, ignore=shutil.ignore_patterns("*.cu", "*.py", "*.md", "*.json"))
    scripts = read_scripts(copy)
    for name in scripts.names:
        script = copy / name
        script.write_text(with_messages(script.read_text(encoding="utf-8"), name), encoding="utf-8")
    run = replay(copy, question, scripts)
    assert isinstance(run, Replay)
    real: dict[tuple[str, int, str], list[str]] = {}
    for record in run.records:
        if record.command == "message" and record.arguments[:1] == ("ORACLE",):
            _oracle, file, line, name, value = record.arguments
            # Empty elements count for nothing here, as in `foreach`.
            real.setdefault((file, int(line), name), []).append(";".join(filter(None, value.split(";"))))
    simulated: dict[tuple[str, int, str], list[str]] = {}
    for step in plan_of(tree, cuda, request).steps or ():
        key = (step.file or "", step.line or 0, step.variable or "")
        if key in real:
            simulated.setdefault(key, []).append(";".join(step.after or ()))
    for key, values in simulated.items():
        # A command that changes nothing is no step, so the steps are some of the real values, in their order.
        remaining = iter(real[key])
        assert all(any(value == one for one in remaining) for value in values), (key, values, real[key])
    return sum(map(len, simulated.values()))


@pytest.mark.parametrize("cuda", ["12.4", "12.9", "13.0"])
def test_every_step_of_the_demo_is_what_cmake_has(cuda: str, tmp_path: Path) -> None:
    """The lists that are followed through the trace hold what CMake's own variables hold."""
    assert assert_steps_are_true(DEMO, tmp_path / "copy", cuda, CASE) > 20


@pytest.fixture(scope="session")
def vllm(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The source tree of a version of vLLM."""
    folder = tmp_path_factory.mktemp("vllm")

    def unpacked(version: str) -> Path:
        tree = folder / f"vllm-{version}"
        if not tree.is_dir():
            with tarfile.open(corpus.sdist("vllm", version)) as archive:
                wanted = [
                    member
                    for member in archive.getmembers()
                    if member.isfile() and member.name.endswith((".cmake", "CMakeLists.txt", ".cu", "generate.py"))
                ]
                archive.extractall(folder, wanted, filter="data")
        return tree

    return unpacked


VLLM_REQUEST = "7.0 7.5 8.0 8.9 9.0 10.0 12.0"


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("version", "cuda", "request_"),
    [
        ("0.8.5", "12.8", VLLM_REQUEST),
        ("0.10.2", "12.8", VLLM_REQUEST),
        ("0.11.0", "12.9", "8.0 9.0 10.0 10.3 12.0 12.1"),
        ("0.33.0", "13.0", "7.5 8.0 9.0 10.0 10.3 11.0 12.0 12.1+PTX"),
    ],
)
def test_every_step_of_vllm_is_what_cmake_has(
    version: str, cuda: str, request_: str, vllm: Callable[[str], Path], tmp_path: Path
) -> None:
    """The same for the scripts of a large project."""
    assert assert_steps_are_true(vllm(version), tmp_path / "copy", cuda, request_) > 100


@pytest.mark.corpus
def test_the_plan_of_vllm_counts_what_its_wheel_holds(vllm: Callable[[str], Path]) -> None:
    """The published `_C` of 0.11.0 for CUDA 12.8 holds 12 images for 10.0a and 6 for 12.0a, one for each source."""
    plan = plan_of(vllm("0.11.0"), "12.8", VLLM_REQUEST)

    counts = Counter(a for source in plan.sources or () if source.extension == "_C" for a in source.architectures or ())

    assert (counts["10.0a"], counts["12.0a"]) == (12, 6)


@pytest.mark.corpus
@pytest.mark.parametrize("version", ["0.8.5", "0.10.2", "0.11.0"])
@pytest.mark.parametrize("cuda", ["12.4", "12.8", "13.0"])
def test_the_supported_list_of_vllm_is_what_its_own_function_makes_of_the_request(
    version: str, cuda: str, vllm: Callable[[str], Path], tmp_path: Path
) -> None:
    """The build's architectures, and what each feature gets, asked of cmake/utils.cmake directly."""
    tree = vllm(version)
    plan = plan_of(tree, cuda, VLLM_REQUEST)
    assert plan.supported is not None
    assert plan.architectures is not None
    asked = [(plan.supported.architectures, split_request(VLLM_REQUEST))]
    asked += [(feature.wants, plan.architectures) for feature in plan.features or ()]
    calls = "\n".join(
        f'cuda_archs_loose_intersection(R "{";".join(own or ())}" "{";".join(targets)}")\nmessage("@${{R}}@")'
        for own, targets in asked
    )

    answers = asked_directly(tmp_path, f'include("{tree}/cmake/utils.cmake")\n{calls}\n')

    assert [plan.architectures, *(feature.gets for feature in plan.features or ())] == answers


def test_sources_that_lie_in_the_tree_are_found_by_their_pattern(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """A relative pattern is searched from the tree, and one that finds nothing is told as written later."""
    tree = make_tree(
        'file(GLOB FOUND CONFIGURE_DEPENDS "csrc/*.cu")\nfile(GLOB LATER "csrc/generated/*.cu")\n'
        "add_library(_C ${FOUND} ${LATER})",
        **{"csrc__b.cu": "", "csrc__a.cu": "", "csrc__a.h": ""},
    )

    reading = ask(tree)

    assert reading.plan is not None
    (extension,) = reading.plan.extensions or ()
    assert extension.sources == ("csrc/a.cu", "csrc/b.cu")
    assert extension.generated == ("csrc/generated/*.cu",)


def test_a_changed_copy_says_what_the_edited_tree_says(tmp_path: Path) -> None:
    """To try an edit on a copy, or to make it and look again, is the same."""
    question = Question(cuda="12.9", request=split_request(CASE))
    text = (DEMO / "CMakeLists.txt").read_text(encoding="utf-8").replace(";12.0;12.0a", ";12.0")
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    (tree / "CMakeLists.txt").write_text(text, encoding="utf-8")

    tried = read_plan(DEMO, question, {"CMakeLists.txt": text}).plan
    edited = read_plan(tree, question).plan

    assert tried is not None
    assert edited is not None
    assert tried.features == edited.features
    assert tried.steps == edited.steps
    assert tried.sources == edited.sources


def test_the_project_and_its_name_are_known_to_the_scripts(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """`${PROJECT_NAME}` is the project's."""
    plan = ask(make_tree("add_library(${PROJECT_NAME} MODULE a.cu)")).plan

    assert plan is not None
    assert [extension.name for extension in plan.extensions or ()] == ["small"]


def test_a_module_of_the_tree_is_found_on_the_module_path(
    make_tree: Callable[..., Path], ask: Callable[..., PlanReading]
) -> None:
    """`include(name)` looks where CMAKE_MODULE_PATH says, inside the tree."""
    tree = make_tree(
        "list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_SOURCE_DIR}/cmake)\ninclude(more)\ninclude(GNUInstallDirs)\n"
        "add_library(_C ${MORE} ${CMAKE_INSTALL_LIBDIR}.cu)",
        **{"cmake__more.cmake": "set(MORE a.cu)"},
    )

    plan = ask(tree).plan

    assert plan is not None
    assert [extension.sources for extension in plan.extensions or ()] == [("a.cu", "lib.cu")]
