"""What the flags of nvcc say about architectures and macros."""

from __future__ import annotations

import pytest

from buildDoctor.core.plan.nvcc_flags import (
    architecture_of,
    default_architectures,
    defined_macros,
    named_architectures,
    spelt_architectures,
    turns_helper_off,
)

NAMED = [
    ([], ()),
    (["-O3", "--threads", "4"], ()),
    (["-gencode", "arch=compute_80,code=sm_80"], ("8.0",)),
    (["-gencode=arch=compute_90a,code=sm_90a"], ("9.0a",)),
    (["--generate-code=arch=compute_120f,code=sm_120f"], ("12.0f",)),
    (["-gencode arch=compute_80,code=sm_80"], ("8.0",)),
    (["-gencode=arch=compute_90,code=[sm_90,compute_90]"], ("9.0+PTX",)),
    (['-gencode=arch=compute_90,code=\\"sm_90,compute_90\\"'], ("9.0+PTX",)),
    (["-gencode=arch=compute_90,code=sm_90", "-gencode=arch=compute_90,code=compute_90"], ("9.0+PTX",)),
    (["-gencode=arch=compute_90,code=compute_90"], ("compute_90",)),
    (["-arch=sm_86"], ("8.6+PTX",)),
    (["-arch", "sm_86"], ("8.6+PTX",)),
    (["--gpu-architecture=compute_86"], ("compute_86",)),
    (["-arch=compute_80", "-code=sm_80,sm_86"], ("8.0", "8.6")),
    (["-arch=native"], None),
    (["-arch=all-major"], None),
]


@pytest.mark.parametrize(("flags", "expected"), NAMED, ids=[" ".join(flags) or "none" for flags, _ in NAMED])
def test_flags_name_architectures(flags: list[str], expected: tuple[str, ...] | None) -> None:
    assert named_architectures(flags) == expected


@pytest.mark.parametrize(("cuda", "expected"), [("11.8", "5.2+PTX"), ("12.9.1", "5.2+PTX"), ("13.0", "7.5+PTX")])
def test_without_a_flag_the_compiler_has_its_default(cuda: str, expected: str) -> None:
    assert default_architectures(cuda) == (expected,)


def test_macros_are_told_from_other_flags() -> None:
    assert defined_macros(["-DA", "-DB=1", "-UC", "-D", "-DA", "-O3"]) == ("A", "B=1")


@pytest.mark.parametrize(
    ("flags", "off"),
    [(["-O3"], False), (["-Xcompiler", "-march=native"], True), (["-I/home/search/include"], True), (["-DTORCH_EXTENSION_NAME=arch"], False)],
)  # fmt: skip
def test_four_letters_turn_torchs_helper_off(flags: list[str], off: bool) -> None:  # noqa: FBT001  a parameter of the table
    assert turns_helper_off(flags) is off


def test_what_texts_spell_out_is_sorted_by_age() -> None:
    assert spelt_architectures(["arch=compute_120,code=sm_120", "sm_80", "sm_90a", "an sm_9", "sms_90"]) == (
        "8.0",
        "9.0a",
        "12.0",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("80", "8.0"), ("120a", "12.0a"), ("9.0+PTX", "9.0+PTX"), ("sm_90", "9.0"), ("8", None), ("native", None)],
)
def test_scripts_write_architectures_in_many_forms(text: str, expected: str | None) -> None:
    assert architecture_of(text) == expected
