"""`build-doctor check` as a user runs it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]
CONTRACT = """\
[[require]]
kernel = "*silu*"
capability = ["9.0", "12.0"]
mode = "native"

[[require]]
kernel = "*scaled_fp4*"
capability = ["12.0"]
"""
TABLE = """\
build-doctor.toml against {target}

mode    9.0  12.0  kernel
native  ✓ 1  ✓ 1   *silu*
family       ✗ 0   *scaled_fp4*

✗ build-doctor.toml:6: no kernel matches *scaled_fp4* in 1 file

The contract is broken: 1 of 3 requirements is not fulfilled.
"""


@pytest.fixture
def contract(folder: Path) -> Path:
    """A contract of which the bundled file gives two of three."""
    (folder / "build-doctor.toml").write_text(CONTRACT, encoding="utf-8")
    return folder / "build-doctor.toml"


@pytest.fixture
def target(demo: Path) -> Path:
    return demo / "_C.abi3.so"


@pytest.mark.usefixtures("contract")
def test_a_broken_contract_is_a_table_and_a_code(target: Path, run: Run) -> None:
    ended = run("check", target)

    assert (ended.code, ended.output, ended.errors) == (1, TABLE.format(target=target), "")
    assert run("check", target, "--fail-on", "never").code == 0


def test_the_contract_may_stand_in_pyproject(contract: Path, target: Path, run: Run) -> None:
    contract.rename(contract.with_name("pyproject.toml")).write_text(
        CONTRACT.replace("[[require]]", "[[tool.build-doctor.require]]"), encoding="utf-8"
    )

    assert "✗ pyproject.toml:6: no kernel matches" in run("check", target).output
    assert "✗ pyproject.toml:6: no kernel matches" in run("check", "--contract", "pyproject.toml", target).output


@pytest.mark.usefixtures("contract")
def test_a_contract_is_a_case_for_each_cell_in_junit(target: Path, run: Run) -> None:
    root = ET.fromstring(run("check", target, "--format", "junit").output.encode())  # noqa: S314  our own output

    assert (root.attrib["tests"], root.attrib["failures"]) == ("3", "1")
    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "no kernel matches *scaled_fp4* in 1 file"


@pytest.mark.usefixtures("contract")
def test_a_contract_is_part_of_the_json_document(target: Path, run: Run) -> None:
    document = json.loads(run("check", target, "--json").output)

    jsonschema.validate(document, schema())
    assert document["contract"]["fulfilled"] is False
    assert [cell["state"] for one in document["contract"]["requirements"] for cell in one["cells"]] == [
        "fulfilled"
    ] * 2 + ["broken"]
    assert [finding["rule"] for finding in document["findings"]] == ["requirement-broken"]


@pytest.mark.usefixtures("contract")
def test_a_broken_requirement_stands_at_its_line_for_code_scanning(target: Path, run: Run) -> None:
    (result,) = json.loads(run("check", target, "--format", "sarif").output)["runs"][0]["results"]

    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("build-doctor.toml", 6)


@pytest.mark.usefixtures("contract")
def test_what_was_broken_before_does_not_fail(target: Path, run: Run) -> None:
    run("check", target, "--json", "--output", "before.json")

    assert run("check", target, "--baseline", "before.json").code == 0


def test_the_first_contract_is_written_and_fulfilled(folder: Path, target: Path, run: Run) -> None:
    printed, written = run("check", "--init", target), run("check", "--init", target, "--output", "build-doctor.toml")

    assert (printed.code, written.code, written.output) == (0, 0, "")
    assert (folder / "build-doctor.toml").read_text(encoding="utf-8") == printed.output
    assert run("check", target).code == 0
    assert "12.0" not in run("check", "--init", "--gpu", "9.0", target).output


def test_a_saved_report_can_be_checked(folder: Path, target: Path, run: Run) -> None:
    """Made where the wheel is, checked elsewhere."""
    (folder / "build-doctor.toml").write_text(CONTRACT.split("\n\n", maxsplit=1)[0], encoding="utf-8")
    (folder / "report.json").write_text(run("inspect", "--json", "--kernels", "*", target).output, encoding="utf-8")

    assert run("check", "report.json").code == 0


def test_mistakes_come_at_once_with_their_places(folder: Path, target: Path, run: Run) -> None:
    (folder / "c.toml").write_text(
        '[[require]]\nkernal = "*"\ncapability = ["9.0", "sm_90"]\nmode = "nativ"\n', encoding="utf-8"
    )

    ended = run("check", "--contract", "c.toml", target)

    assert (ended.code, ended.output) == (2, "")
    assert [line.removeprefix("build-doctor: ").partition(": ")[0] for line in ended.errors.splitlines()] == [
        "c.toml:1:1", "c.toml:2:1", "c.toml:3:22", "c.toml:4:1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{target}"], "this folder holds no contract: write [[require]] tables"),
        (["--init", "--json", "{target}"], "--init writes TOML; leave out --json"),
        (["--contract", "nothere.toml", "{target}"], "nothere.toml:1:1: it cannot be read"),
    ],
    ids=["no contract", "a form for TOML", "no such file"],
)
def test_a_wrong_request_is_told(words: list[str], sentence: str, target: Path, run: Run) -> None:
    ended = run("check", *(word.format(target=target) for word in words))

    assert ended.code == 2
    assert sentence in ended.errors
