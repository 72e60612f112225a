"""Whole machines, recorded or made by hand from public reports: each with what must be found there, and what must not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.recorded import evidence_from
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import judge_again

MACHINES = sorted((Path(__file__).parents[1] / "data" / "machines").glob("*.json"))


def findings(machine: dict[str, Any]) -> dict[str, list[str]]:
    """The titles of the findings, by rule."""
    report = judge_again(machine["evidence"], "machine", Options(isolated=True))
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding.title)
    return found


@pytest.mark.parametrize("path", MACHINES, ids=[path.stem for path in MACHINES])
def test_a_machine_gives_the_findings_that_are_known_of_it(path: Path) -> None:
    """Each rule that must hold names what it must name; none holds that must not."""
    machine = json.loads(path.read_text(encoding="utf-8"))
    found = findings(machine)
    for rule, words in machine["must_find"].items():
        assert any(words in title for title in found.get(rule, [])), f"{rule}: {words} in {found}"
    assert not set(machine["must_not_find"]) & set(found), found


@pytest.mark.parametrize("path", MACHINES, ids=[path.stem for path in MACHINES])
def test_a_machine_says_where_it_comes_from(path: Path) -> None:
    machine = json.loads(path.read_text(encoding="utf-8"))
    assert machine["made"]
    assert machine["records"] or machine["made"].startswith("recorded")


RECORDED = [path for path in MACHINES if "live" in json.loads(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_a_recorded_machine_is_what_its_own_tools_say(path: Path) -> None:
    """The oracles are torch, nvidia-smi and nvcc, asked where and when the evidence was taken."""
    machine = json.loads(path.read_text(encoding="utf-8"))
    seen, live = evidence_from(machine["evidence"]), machine["live"]
    assert seen.torch is not None
    assert seen.driver is not None
    assert seen.toolkits
    assert (seen.torch.version, seen.torch.cuda) == (live["torch"]["version"], live["torch"]["cuda"])
    assert sorted(seen.torch.architectures or ()) == sorted(live["torch"]["architectures"])
    assert seen.torch.cxx11_abi == ("new" if live["torch"]["cxx11_abi"] else "old")
    assert [(one.name, one.capability, one.uuid) for one in seen.gpus or ()] == [
        (one["name"], one["capability"], one["uuid"]) for one in live["devices"]
    ]
    assert (seen.driver.version, seen.driver.cuda) == (live["driver"], live["driver_cuda"])
    assert live["libcuda"].endswith(f"libcuda.so.{seen.driver.libcuda_version}")
    assert seen.toolkits[0].version == live["nvcc"]
    listed = {f"compute_{one.replace('.', '')}" for one in seen.toolkits[0].architectures or ()}
    assert listed == set(live["nvcc_architectures"])
    assert seen.triton is not None
    assert (seen.triton.ptxas_version or "").startswith(live["triton_ptxas"])


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_nothing_is_wrong_on_a_healthy_machine(path: Path) -> None:
    assert findings(json.loads(path.read_text(encoding="utf-8"))) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "rtx-5090-distribution-nvcc",
            [("nvcc-major-not-torchs", "error", ""), ("nvcc-here-not-torchs", "note", "nvcc-major-not-torchs")],
            id="another major version",
        ),
        pytest.param("driver-570-torch-for-cuda-13", [("nvcc-here-not-torchs", "note", "")], id="nothing is built"),
    ],
)
def test_the_nvcc_of_a_build_is_an_error_only_where_something_is_built(
    name: str, expected: list[tuple[str, str, str]]
) -> None:
    """A source tree makes it an error, and what is compiled on first use stands beneath that."""
    evidence = json.loads((MACHINES[0].parent / f"{name}.json").read_text(encoding="utf-8"))["evidence"]
    if len(expected) > 1:
        evidence["plan"] = {"source": "/src/vllm"}

    report = judge_again(evidence, "machine", Options(isolated=True, select=("toolkit",)))

    said = [(one.rule, one.severity.value, one.explained_by or "") for one in report.findings if "nvcc" in one.rule]
    assert [one for one in said if one[0] in {"nvcc-major-not-torchs", "nvcc-here-not-torchs"}] == expected
