"""Which code runs on which GPU: held against ptxas and a real H100."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildDoctor.core.device.architectures import (
    ArchitectureError,
    Verdict,
    capabilities_in,
    cubin_verdict,
    newest_toolkit,
    oldest_toolkit,
    parse,
    parse_capability,
    ptx_verdict,
)

DATA = Path(__file__).parents[1] / "data"
RUNS = {Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT}


def truth_of_the_h100() -> list[tuple[str, str, bool]]:
    """Image set, capability, and whether the kernel ran: recorded on a real GPU."""
    rows = [line.split("\t") for line in (DATA / "runs-on-cc9.0.tsv").read_text().splitlines()]
    return [(images, capability, result == "cudaSuccess") for images, capability, result, _value in rows]


def verdict(image: str, capability: str) -> Verdict:
    judge = ptx_verdict if image.startswith("compute_") else cubin_verdict
    return judge(image, capability)


@pytest.mark.parametrize(("images", "capability", "ran"), truth_of_the_h100())
def test_what_a_real_h100_ran_is_what_the_verdict_says(images: str, capability: str, ran: bool) -> None:  # noqa: FBT001  a recorded fact, not a switch
    """A set of images runs if one of them does."""
    assert any(verdict(image, capability) in RUNS for image in images.split("+")) == ran


def acceptance(table: str) -> list[tuple[str, str, bool]]:
    """PTX target, architecture that ptxas compiles it for, and whether it accepted: from the recorded matrix."""
    header, *rows = (DATA / table).read_text().splitlines()
    columns = header.split("-arch")[1].split()
    return [
        (target.replace("sm_", "compute_"), column, mark == "Y")
        for target, *marks in map(str.split, rows)
        for column, mark in zip(columns, marks, strict=True)
    ]


@pytest.mark.parametrize("table", ["ptx-acceptance-12.9.txt", "ptx-acceptance-13.5.txt"])
def test_ptx_runs_where_ptxas_accepts_it(table: str) -> None:
    """A GPU is what ptxas calls its plain, `a` and `f` architecture: PTX runs there if one of the three accepts it."""
    accepted: dict[tuple[str, str], bool] = {}
    for target, column, mark in acceptance(table):
        key = (target, parse(f"sm_{column}").base)
        accepted[key] = accepted.get(key, False) or mark

    wrong = {key: mark for key, mark in accepted.items() if (verdict(*key) is Verdict.JIT) != mark}

    assert len(accepted) > 250
    assert wrong == {}


@pytest.mark.parametrize(
    ("architecture", "capability", "expected"),
    [
        ("8.0", "8.6", Verdict.NATIVE),
        ("8.0", "8.9", Verdict.NATIVE),
        ("8.6", "8.0", Verdict.NONE),
        ("8.9", "9.0", Verdict.NONE),
        ("9.0a", "9.0", Verdict.NATIVE),
        ("9.0a", "10.0", Verdict.NONE),
        ("10.0", "10.3", Verdict.NATIVE),
        ("10.0a", "10.3", Verdict.NONE),
        ("10.0f", "10.0", Verdict.FAMILY),
        ("10.0f", "10.3", Verdict.FAMILY),
        ("10.3", "10.0", Verdict.NONE),
        ("10.3f", "10.0", Verdict.NONE),
        ("10.0f", "11.0", Verdict.NONE),
        ("11.0f", "11.0", Verdict.FAMILY),
        ("12.0", "12.1", Verdict.NATIVE),
        ("12.0a", "12.1", Verdict.NONE),
        ("12.0f", "12.1", Verdict.FAMILY),
        ("12.1f", "12.0", Verdict.NONE),
        ("12.0", "10.0", Verdict.NONE),
        ("sm_120a", "12.0", Verdict.NATIVE),
    ],
)
def test_a_cubin_runs_within_its_major_version_and_a_suffix_narrows_it(
    architecture: str, capability: str, expected: Verdict
) -> None:
    assert cubin_verdict(architecture, capability) is expected


@pytest.mark.parametrize(
    ("architecture", "capability"), [("8.0", "8.7"), ("8.6", "8.7"), ("8.7", "8.9"), ("7.0", "7.2")]
)
def test_between_desktop_and_embedded_parts_nothing_is_promised(architecture: str, capability: str) -> None:
    assert cubin_verdict(architecture, capability) is Verdict.NOT_PROMISED


def test_an_embedded_part_runs_its_own_code() -> None:
    assert cubin_verdict("8.7", "8.7") is Verdict.NATIVE


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("12.0", "12.0"), ("12.0a", "12.0a"), ("12.0f", "12.0f"), ("9.0+PTX", "9.0+PTX"), ("9.0a+PTX", "9.0a+PTX"),
        ("sm_120a", "12.0a"), ("sm_75", "7.5"), ("sm_100", "10.0"), ("compute_90", "9.0+PTX"), ("compute_120f", "12.0f+PTX"),
    ],
)  # fmt: skip
def test_every_spelling_has_one_dotted_form(text: str, dotted: str) -> None:
    assert parse(text).dotted == dotted


@pytest.mark.parametrize(
    "text",
    ["", "12", "120", "12.0b", "sm_", "sm_1200", "compute_native", "gfx90a", "12.0 ", "\uff112.0", "12.10", "12.0a\n"],
)
def test_a_text_that_is_no_architecture_is_refused(text: str) -> None:
    with pytest.raises(ArchitectureError, match="is not an NVIDIA architecture"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    {
        "sm_120": "12.0", "compute_90": "9.0", "SM90": "9.0", "12.0a": "12.0", "9.0+PTX": "9.0", "120": "12.0", "12": "12.0",
        "90": "9.0", "RTX 5090": "12.0", "5090": "12.0", "b300": "10.3", "GB10": "12.1", "NVIDIA H100 80GB HBM3": "9.0",
    }.items(),
)  # fmt: skip
def test_what_is_written_in_place_of_a_capability_leads_to_it(text: str, meant: str) -> None:
    """An architecture, a number without its dot, and the name of a GPU."""
    with pytest.raises(ArchitectureError, match=f"{re.escape(repr(text))}.* did you mean {re.escape(meant)}\\?$"):
        parse_capability(text)


def test_the_name_of_a_gpu_is_told_as_a_whole() -> None:
    """It has spaces in it, as lists have between their elements."""
    with pytest.raises(ArchitectureError, match=r"^'RTX PRO 6000 Blackwell' is not"):
        capabilities_in("12.0, RTX PRO 6000 Blackwell")


def test_a_text_that_is_near_nothing_leads_to_who_knows() -> None:
    with pytest.raises(ArchitectureError, match="compute_cap"):
        parse_capability("my GPU")


@pytest.mark.parametrize("text", ["12.0,10.3", "12.0;10.3", "12.0 10.3", " 12.0 , 10.3,,12.0 ", "12.0 10.3;12.0"])
def test_capabilities_are_parted_by_commas_semicolons_and_spaces(text: str) -> None:
    assert capabilities_in(text) == ("12.0", "10.3")


@pytest.mark.parametrize("text", ["12.0a", "sm_120", "", "12"])
def test_a_capability_never_has_a_suffix(text: str) -> None:
    with pytest.raises(ArchitectureError, match="is not a compute capability"):
        parse_capability(text)


@pytest.mark.parametrize(
    ("architecture", "oldest", "newest"),
    [
        ("12.0", "12.8", None), ("12.0a", "12.8", None), ("12.0f", "12.9", None), ("12.1a", "12.9", None),
        ("10.3", "12.9", None), ("10.1a", "12.8", "12.9"), ("11.0", "13.0", None), ("11.0f", "13.0", None),
        ("7.0", "0", "12.9"), ("7.5", "10.0", None), ("9.0", "11.8", None), ("9.0a", "12.0", None), ("10.7f", "13.4", None),
    ],
)  # fmt: skip
def test_each_architecture_has_a_first_and_perhaps_a_last_toolkit(
    architecture: str, oldest: str, newest: str | None
) -> None:
    assert (oldest_toolkit(architecture), newest_toolkit(architecture)) == (oldest, newest)
