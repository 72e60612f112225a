"""Four versions of vLLM, six toolkits, twelve requests: each list is what the tree's own functions give when asked directly."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, compiler_version, gencode_flags, split_request

VERSIONS = {"0.8.5": "clear_cuda_arches", "0.10.2": "clear_cuda_arches", "0.11.0": "clear_cuda_arches", "0.33.0": "clear_cuda_gencode_flags"}  # fmt: skip
"""Each with its name for the function that takes the architectures out of CMAKE_CUDA_FLAGS."""
TOOLKITS = ("11.8", "12.4", "12.8", "12.9", "13.0", "13.4")
REQUESTS = (
    "7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX",
    "9.0",
    "9.0a",
    "8.0 8.9 9.0+PTX",
    "12.0",
    "12.0a",
    "12.0f",
    "12.1",
    "10.0 10.0a",
    "10.0 10.3 11.0",
    "12.0 7.5 9.0 8.0",
    "5.2",
)
_CALL = re.compile(r'cuda_archs_loose_intersection\(\s*(?P<variable>\w+)\s+"(?P<list>[^"]*)"\s+"\$\{CUDA_ARCHS\}"\s*\)')
_SUPPORTED = "set(CUDA_SUPPORTED_ARCHS"


@pytest.fixture(scope="module")
def trees(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The build scripts and sources of a version."""
    folder = tmp_path_factory.mktemp("vllm")

    def unpacked(version: str) -> Path:
        tree = folder / f"vllm-{version}"
        if not tree.is_dir():
            with tarfile.open(corpus.sdist("vllm", version)) as archive:
                wanted = [m for m in archive if m.isfile() and m.name.endswith((".cmake", "CMakeLists.txt", ".cu"))]
                archive.extractall(folder, wanted, filter="data")
        return tree

    return unpacked


def supported_block(text: str) -> str:
    """The `if` that sets the supported list, as it stands in the tree, or the line that does without one."""
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.lstrip().startswith(_SUPPORTED))
    if not lines[at].startswith(" "):
        return lines[at]
    first = max(number for number in range(at) if re.match(r"if\s*\(", lines[number]))
    last = next(number for number in range(at, len(lines)) if re.match(r"endif\s*\(", lines[number]))
    return "\n".join(lines[first : last + 1])


def asked_directly(folder: Path, tree: Path, version: str, question: Question, calls: list[str]) -> list[list[str]]:
    """Ten lines that include the tree's functions: the supported list, the build's, and what each own list gets."""
    script = f"""cmake_minimum_required(VERSION 3.26)
set(CMAKE_CUDA_COMPILER_VERSION {compiler_version(question.cuda)})
set(CMAKE_CUDA_FLAGS "{gencode_flags(question.request)}")
{supported_block((tree / "CMakeLists.txt").read_text(encoding="utf-8"))}
include("{tree}/cmake/utils.cmake")
{VERSIONS[version]}(CUDA_ARCH_FLAGS)
extract_unique_cuda_archs_ascending(ARCHS "${{CUDA_ARCH_FLAGS}}")
cuda_archs_loose_intersection(ARCHS "${{CUDA_SUPPORTED_ARCHS}}" "${{ARCHS}}")
message("@${{CUDA_SUPPORTED_ARCHS}}@\\n@${{ARCHS}}@")
"""
    for own in calls:
        script += f'cuda_archs_loose_intersection(ONE "{own}" "${{ARCHS}}")\nmessage("@${{ONE}}@")\n'
    file = folder / "oracle.cmake"
    file.write_text(script, encoding="utf-8")
    ended = subprocess.run([str(find_cmake()), "-P", str(file)], check=True, capture_output=True, text=True)
    return [list(filter(None, line.split(";"))) for line in re.findall(r"^@(.*)@$", ended.stderr, re.MULTILINE)]


@pytest.mark.corpus
@pytest.mark.parametrize("cuda", TOOLKITS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_list_is_what_the_trees_own_functions_give(
    version: str, cuda: str, trees: Callable[[str], Path], tmp_path: Path
) -> None:
    """The lists of the blocks stand in the scripts word by word; what becomes of them is asked of the scripts."""
    tree = trees(version)
    text = (tree / "CMakeLists.txt").read_text(encoding="utf-8")
    spelt = {(found["variable"], found["list"]) for found in _CALL.finditer(text)}
    compared = 0
    for request in REQUESTS:
        question = Question(cuda=cuda, request=split_request(request))
        plan = read_plan(tree, question).plan
        assert plan is not None
        assert plan.supported is not None
        features = [f for f in plan.features or () if (f.variable, ";".join(f.wants or ())) in spelt]

        answers = asked_directly(tmp_path, tree, version, question, [";".join(f.wants or ()) for f in features])

        assert [list(plan.supported.architectures or ()), list(plan.architectures or ())] == answers[:2], request
        # A list of the scripts is one text or several, so their order is compared too.
        assert [list(feature.gets or ()) for feature in features] == answers[2:], request
        compared += len(features)
    assert compared >= 3 * len(REQUESTS)
