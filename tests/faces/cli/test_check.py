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

The contract is broken: 1 of 2 requirements is not fulfilled.
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


def test_a_contract_for_a_gpu_that_nothing_serves_is_refused_with_its_name(target: Path, run: Run) -> None:
    """The file has kernels; none of them is for this one."""
    ended = run("check", "--init", "--gpu", "10.3", target)

    assert (ended.code, ended.errors) == (2, f"build-doctor: {target}: no kernel serves 10.3\n")


@pytest.mark.usefixtures("contract")
def test_what_a_report_names_has_a_page(target: Path, run: Run) -> None:
    """A finding about the contract is no rule; who asks what it means is answered all the same."""
    (found,) = json.loads(run("check", target, "--json").output)["findings"]

    page = run("explain", found["rule"])

    assert page.code == 0
    assert page.output.startswith("requirement-broken\nerror · about the contract\n")
    assert "requirement-cannot-tell\nerror" in run("explain", "requirement-cannot-tell").output


@pytest.mark.usefixtures("contract")
def test_a_kernel_that_is_not_there_is_not_said_to_serve_badly(target: Path, run: Run) -> None:
    """Every form says that no kernel has the name; 0 of 0 kernels serve nothing."""
    (found,) = json.loads(run("check", target, "--json").output)["findings"]

    assert found["why"] == "build-doctor.toml:6 requires it. Of what was read, no kernel has such a name."


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


def test_a_file_that_is_there_is_kept(contract: Path, target: Path, run: Run) -> None:
    """It may hold suppressions and a selection of rules beside the contract, which no contract gives back."""
    held = f'select = ["plan"]\n\n{CONTRACT}'
    contract.write_text(held, encoding="utf-8")
    words = ("check", "--init", target, "--output", "build-doctor.toml")

    ended = run(*words)

    assert (ended.code, ended.output) == (2, "")
    assert ended.errors == "build-doctor: build-doctor.toml is there already; --force writes over it\n"
    assert contract.read_text(encoding="utf-8") == held
    assert run(*words, "--force").code == 0
    assert contract.read_text(encoding="utf-8") == run("check", "--init", target).output


def test_a_device_takes_a_contract(target: Path, run: Run) -> None:
    """It holds nothing that could be lost."""
    assert run("check", "--init", target, "--output", "/dev/null").code == 0


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
        (["--force", "{target}"], "--force goes with --init"),
        (["--contract", "nothere.toml", "{target}"], "build-doctor: nothere.toml: it cannot be read"),
    ],
    ids=["no contract", "a form for TOML", "force without a contract to write", "no such file"],
)
def test_a_wrong_request_is_told(words: list[str], sentence: str, target: Path, run: Run) -> None:
    ended = run("check", *(word.format(target=target) for word in words))

    assert ended.code == 2
    assert sentence in ended.errors
