from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.faces.reports.text import render

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("report", ["NVFP4", "HEALTHY", "UNSURE", "NOTHING"])
@pytest.mark.parametrize("verbose", [False, True], ids=["short", "verbose"])
def test_report_reads_as_it_did(canned: Any, report: str, verbose: bool) -> None:  # noqa: FBT001 - a table of options
    """The whole text at 80 columns; a change of it is a decision."""
    expected = GOLDEN / f"{report.lower()}{'-verbose' if verbose else ''}.txt"

    text = render(getattr(canned, report), color=False, width=80, verbose=verbose)

    assert text == expected.read_text(encoding="utf-8")


def test_verdict_comes_first_and_summary_last(canned: Any) -> None:
    """What matters is where the eye is."""
    lines = render(canned.NVFP4, color=False, width=80, verbose=False).splitlines()

    assert lines[0].startswith("The NVFP4 kernels are lost at CMakeLists.txt:97")
    assert lines[-1] == "4 errors, 1 warning, 1 note; 1 rule cannot tell"


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_no_prose_is_wider_than_the_terminal(canned: Any, width: int) -> None:
    """Only patches, commands and single long words may be longer."""
    text = render(canned.NVFP4, color=False, width=width, verbose=True)
    patch = {line.strip() for fix in canned.NVFP4.findings[0].fixes for line in fix.patch.splitlines()}

    wide = [line for line in text.splitlines() if len(line) > width and line.strip() not in patch]

    assert [line for line in wide if len(line.split()) > 1 and not re.match(r" +(\$|build-doctor) ", line)] == []


def test_colours_change_nothing_but_colours(canned: Any) -> None:
    """Without its colour codes the painted report is the plain one, and each line ends its own colours."""
    plain = render(canned.NVFP4, color=False, width=80, verbose=True)
    painted = render(canned.NVFP4, color=True, width=80, verbose=True)

    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert all(line.count("\x1b[") == 2 * line.count("\x1b[0m") for line in painted.splitlines())


def test_patch_is_shown_once(canned: Any) -> None:
    """Another finding with the same patch refers to it."""
    text = render(canned.NVFP4, color=False, width=80, verbose=False)

    assert text.count("+++ b/CMakeLists.txt") == 1
    assert text.count("the patch stands under supported-suffix-consumes-target") == 1


def test_patch_in_vain_is_not_shown(canned: Any) -> None:
    """The popular fix is named with its outcome and not offered."""
    text = render(canned.NVFP4, color=False, width=80, verbose=True)

    assert "– no effect: Add 10.0 and 10.0a to CUDA_SUPPORTED_ARCHS" in text  # noqa: RUF001 - the dash is the sign
    assert "12.0a;10.0;10.0a" not in text


def test_names_from_files_are_shown_as_they_are(canned: Any) -> None:
    """Brackets are text."""
    text = render(canned.HOSTILE, color=False, width=100, verbose=True)

    for name in canned.MARKUP_NAMES:
        assert text.count(name) >= 8
