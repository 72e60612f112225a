"""Every vLLM of the registry whose build scripts differ from the one before: a plan for each toolkit, and for ROCm."""

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
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.core.evidence import Plan

TABLE = Path(__file__).with_name("vllm-plans.tsv")
"""Version, toolkit, the lengths of the supported list and of the build's, blocks, those that are built, CUDA sources, targets."""
REQUEST = split_request("7.5 8.0 8.6 8.9 9.0 10.0 12.0")
TOOLKITS = ("11.8", "12.4", "12.8", "12.9", "13.0", "13.4")
NEEDED = (".cmake", "CMakeLists.txt", ".cu", ".cpp", ".hip")


def expected() -> dict[str, dict[str, tuple[str, ...]]]:
    """The rows of the table by version and toolkit."""
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for version, toolkit, *values in rows:
        found.setdefault(version, {})[toolkit] = tuple(values)
    return found


ROWS = expected()


@pytest.fixture(scope="module")
def tree_of(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Unpacks what the build scripts of a version read."""

    def unpacked(version: str) -> Path:
        folder = tmp_path_factory.mktemp("vllm")
        with tarfile.open(corpus.sdist("vllm", version)) as archive:
            wanted = [member for member in archive if member.isfile() and member.name.endswith(NEEDED)]
            archive.extractall(folder, wanted, filter="data")
        return next(folder.iterdir())

    return unpacked


def summary(plan: Plan) -> tuple[str, ...]:
    """A plan in the columns of the table."""
    features = plan.features or ()
    supported = plan.supported.architectures if plan.supported else None
    return (
        str(len(supported)) if supported is not None else "-",
        str(len(plan.architectures)) if plan.architectures is not None else "-",
        str(len(features)),
        str(sum(bool(feature.built) for feature in features)),
        str(len(plan.sources or ())),
        " ".join(extension.name or "" for extension in plan.extensions or ()),
    )


def answers_of(tree: Path, asked: list[tuple[tuple[str, ...], tuple[str, ...]]], folder: Path) -> list[set[str]]:
    """What the tree's own function makes of lists and targets, without build-doctor."""
    calls = "\n".join(
        # The oldest ones look at the caller's list in place of their own third argument.
        f'set(CUDA_ARCHS "{";".join(targets)}")\n'
        f'cuda_archs_loose_intersection(R "{";".join(own)}" "{";".join(targets)}")\nmessage("@${{R}}@")'
        for own, targets in asked
    )
    script = folder / "oracle.cmake"
    text = f'cmake_minimum_required(VERSION 3.26)\ninclude("{tree}/cmake/utils.cmake")\n{calls}\n'
    script.write_text(text, encoding="utf-8")
    ended = subprocess.run([str(find_cmake()), "-P", str(script)], check=True, capture_output=True, text=True)
    return [set(filter(None, line.split(";"))) for line in re.findall(r"^@(.*)@$", ended.stderr, re.MULTILINE)]


@pytest.mark.corpus
@pytest.mark.parametrize("version", ROWS)
def test_a_version_has_a_plan_for_each_toolkit_and_for_rocm(
    version: str, tree_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """The plan is what the table holds, and each list is what the tree's own function gives."""
    tree = tree_of(version)
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    got: list[set[str]] = []
    for toolkit in TOOLKITS:
        reading = read_plan(tree, Question(cuda=toolkit, request=REQUEST))
        plan = reading.plan
        assert plan is not None, reading.not_seen
        assert plan.supported is not None
        assert summary(plan) == ROWS[version][toolkit]
        asked.append((plan.supported.architectures or (), REQUEST))
        got.append(set(plan.architectures or ()))
        for feature in plan.features or ():
            asked.append((feature.wants or (), plan.architectures or ()))
            got.append(set(feature.gets or ()))

    assert answers_of(tree, asked, tmp_path) == got

    reading = read_plan(tree, Question(cuda="", request=(), hip=True, hip_request=("gfx942", "gfx90a", "gfx000")))
    assert reading.plan is not None, reading.not_seen
    assert summary(reading.plan) == ROWS[version]["rocm"]
    assert reading.plan.architectures is None
    assert set(reading.plan.hip_architectures or ()) >= {"gfx942", "gfx90a"}
