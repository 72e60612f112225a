"""A plan beside published wheels: which source holds what, and the request that explains the whole."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

WHEELS = {
    "0.8.5": ("12.4", "7.0 7.5 8.0 8.6 8.9 9.0", {}),
    "0.11.0": ("12.8", "7.0 7.5 8.0 8.9 9.0 10.0 12.0", {"_C": {"9.0a": 19, "10.0a": 12, "12.0a": 6}, "_flashmla_C": {"9.0a": 9, "10.0a": 9}}),
    "0.33.0": (
        "13.0",
        "7.5 8.0 8.6 8.9 9.0 10.0 12.0",
        {
            "_C_stable_libtorch": {"10.0f": 24},
            "_flashmla_C": {"9.0a": 53, "10.0f": 53},
            "_flashkda_C": {"9.0a": 1, "10.0f": 1, "12.0f": 1},
            "_qutlass_C": {"10.0f": 6},
        },
    ),
}  # fmt: skip
"""The CUDA and the request of each published wheel, and the images with suffixes of its extensions, by cuobjdump."""


@pytest.fixture(scope="session")
def vllm(corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The scripts and sources of a version of vLLM."""
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


def examined(tree: Path, wheel: Path, cuda: str, request: str) -> Report:
    """The tree with the wheel."""
    return examine(Options(targets=(str(wheel),), source=str(tree), cuda=cuda, arch_list=request, static=True))


@pytest.mark.corpus
@pytest.mark.parametrize("version", WHEELS)
def test_a_published_wheel_holds_what_its_own_tree_plans(
    version: str, vllm: Callable[[str], Path], corpus: Any
) -> None:
    """For the request of the release, every fatbin has the architectures that are planned for its source."""
    cuda, request, counts = WHEELS[version]

    plan = examined(vllm(version), corpus.wheel("vllm", version), cuda, request).evidence.plan

    assert plan is not None
    built = {one.extension: one for one in plan.built or ()}
    assert {extension.name for extension in plan.extensions or () if extension.name in counts} == set(counts)
    for one in built.values():
        assert (one.compared_by, one.differences, one.missing) == ("names", (), ())
    assert plan.made_for == tuple(request.split())
    for name, expected in counts.items():
        listed = {count.architecture: (count.planned, count.found) for count in built[name].counts or ()}
        assert {architecture: listed[architecture] for architecture in expected} == {
            architecture: (number, number) for architecture, number in expected.items()
        }


@pytest.mark.corpus
@pytest.mark.parametrize("version", WHEELS)
def test_the_request_of_a_release_is_found_from_another_one(
    version: str, vllm: Callable[[str], Path], corpus: Any
) -> None:
    """Told nothing of the release, the search ends at the list that it was built for, and says so."""
    cuda, request, _counts = WHEELS[version]

    report = examined(vllm(version), corpus.wheel("vllm", version), cuda, "8.0 8.7 9.0")

    assert report.evidence.plan is not None
    assert report.evidence.plan.made_for == tuple(request.split())
    finding = next(f for f in report.findings if f.rule == "binary-made-for-another-request")
    assert request in finding.title
    assert "8.7" in finding.title


@pytest.mark.corpus
def test_the_tree_of_another_version_explains_nothing(vllm: Callable[[str], Path], corpus: Any) -> None:
    """It is said what the wheel has and the tree has not, and the other way about."""
    cuda, request, _counts = WHEELS["0.11.0"]

    report = examined(vllm("0.10.2"), corpus.wheel("vllm", "0.11.0"), cuda, request)

    assert report.evidence.plan is not None
    assert report.evidence.plan.made_for == ()
    assert {"binary-lacks-planned-source", "binary-holds-unplanned-source"} <= {f.rule for f in report.findings}
