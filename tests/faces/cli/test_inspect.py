"""`inspect`: tables at 80 columns, and that they say what the evidence says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.evidence import EntryPoint, Host
from buildDoctor.faces.cli.host_lines import host_lines
from buildDoctor.faces.wording.verdict_words import verdict_meaning

Run = Callable[..., Any]
BINARIES = Path(__file__).parents[2] / "adapters" / "binaries"
GOLDEN = Path(__file__).parent / "golden"

CASES = {
    "inspect-architecture": ["several.so"],
    "inspect-gpu": ["several.so", "--gpu", "12.0,9.0,10.0"],
    "inspect-unit": ["several.so", "--by", "unit", "--gpu", "12.0,9.0"],
    "inspect-unit-arch": ["nvfp4.so", "--by", "unit", "--arch", "12.0a"],
    "inspect-unit-no-match": ["several.so", "--by", "unit", "--arch", "9.0"],
    "inspect-kernel": ["nvfp4.so", "--by", "kernel"],
    "inspect-kernel-gpu": ["nvfp4.so", "--kernels", "*fp4*", "--gpu", "12.0,12.1"],
    "inspect-not-promised": ["several.so", "--gpu", "8.7,12.0"],
    "inspect-kernel-no-match": ["several.so", "nvfp4.so", "--kernels", "*fp4*"],
    "inspect-unregistered": ["unregistered.so", "--kernels", "*", "--gpu", "12.0,8.0"],
    "inspect-resources": ["resources.so", "--resources"],
    "inspect-resources-arch": ["resources.so", "--resources", "--by", "kernel", "--arch", "sm_90"],
    "inspect-relocatable": ["rdc.so"],
    "inspect-host": ["host/caller.so", "host/strings-abi0.so", "host/two-runtimes.so", "--gpu", "12.0"],
    "inspect-no-match": ["plain.so", "--arch", "12.0f"],
}


@pytest.fixture
def files(folder: Path) -> None:
    """The small files in the current folder of the run, so that no golden text names a machine's folders."""
    for path in [*BINARIES.glob("*.so"), *(BINARIES / "host").glob("*.so")]:
        target = folder / path.relative_to(BINARIES)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("name", "words"), [pytest.param(name, words, id=name) for name, words in CASES.items()])
def test_the_text_is_the_recorded_one_and_fits(name: str, words: list[str], run: Run) -> None:
    """To record it again, delete the file."""
    ended = run("inspect", *words)
    path = GOLDEN / f"{name}.txt"
    if not path.exists():
        path.write_text(ended.output, encoding="utf-8")

    assert ended.code == 0
    assert max(map(len, ended.output.splitlines())) <= 80
    assert ended.output == path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("files")
def test_the_table_adds_up_to_the_evidence(run: Run) -> None:
    """Numbers and bytes of the images, over all rows."""
    rows = [line.split() for line in run("inspect", "several.so").output.splitlines()[4:]]
    images = json.loads(run("inspect", "several.so", "--json").output)["evidence"]["binaries"][0]["images"]

    assert sum(int(row[3]) for row in rows) == len(images)
    assert sum(int(row[5].replace(",", "")) for row in rows) == sum(image["size_bytes"] for image in images)


def test_help_explains_every_word_for_what_code_is_to_a_gpu(run: Run) -> None:
    page = run("inspect", "--help").output

    for verdict in Verdict:
        assert f"  {verdict.value:<13} {verdict_meaning(verdict)}\n" in page


def test_a_question_is_not_said_to_lack_a_kernel() -> None:
    """An entry point that only answers never has one."""
    points = (
        EntryPoint(name="supports_fp4", state="entry-point", launches=False),
        EntryPoint(name="fp4_quant", state="entry-point", launches=True),
    )

    assert list(host_lines(Host(entry_points=points), 100))[1:] == [
        "  supports_fp4: answers a question on the host; no kernel belongs to it",
        "  fp4_quant: an entry point, no kernel behind it",
    ]


@pytest.mark.usefixtures("files")
def test_the_capabilities_stand_in_the_document(run: Run) -> None:
    evidence = json.loads(run("inspect", "nvfp4.so", "--gpu", "12.1,9.0", "--json").output)["evidence"]
    assert evidence["capabilities"] == ["12.1", "9.0"]
    assert evidence["binaries"][0]["host"]["machine"] == "x86_64"


@pytest.mark.usefixtures("files")
def test_kernels_of_the_document_have_their_names_of_cpp(run: Run) -> None:
    (binary,) = json.loads(run("inspect", "nvfp4.so", "--kernels", "*", "--json").output)["evidence"]["binaries"]
    assert all(kernel["demangled"] and not kernel["demangled"].startswith("_Z") for kernel in binary["kernels"])


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plain.so", "--arch", "gfx90a"], "--arch gfx90a: 'gfx90a' is not an NVIDIA architecture"),
        (["plain.so", "--gpu", "12.0a"], "is not a compute capability"),
        (["missing.so"], "missing.so: there is no such file"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(words: list[str], message: str, run: Run) -> None:
    ended = run("inspect", *words)
    assert (ended.code, ended.output) == (2, "")
    assert message in ended.errors


@pytest.mark.usefixtures("files")
def test_a_look_at_headers_imports_no_rules_scripts_or_tables(run: Run) -> None:
    """It is what scripts call for hundreds of files."""
    ended = run("inspect", "plain.so", "--json", variables={"PYTHONVERBOSE": "1"})
    loaded = {
        line.split()[1].strip("'") for line in ended.errors.splitlines() if line.startswith("import 'buildDoctor")
    }

    assert "buildDoctor.adapters.elf.binary" in loaded
    unwanted = (
        "core.language",
        "core.judge",
        "core.plan",
        "adapters.cmake.replay",
        "faces.cli.contents",
        "elf.kernels",
    )
    assert not [name for name in loaded if name.removeprefix("buildDoctor.").startswith(unwanted)]


@pytest.mark.usefixtures("files")
def test_gpus_that_are_said_one_by_one_are_all_asked_for(run: Run) -> None:
    """An option that forgets what was said before would report on the last GPU alone."""
    one_by_one = run("inspect", "several.so", "--gpu", "12.0", "--gpu", "9.0,10.0")

    assert one_by_one.output == run("inspect", "several.so", "--gpu", "12.0,9.0,10.0").output
