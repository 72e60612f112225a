"""What torch's build helper adds, compared with its own code."""

from __future__ import annotations

import pytest

from buildDoctor.core.plan.torch_helper import Added, ExtensionHelper, added_for_gpus, added_for_list

HELPER = ExtensionHelper(
    architectures=("8.0", "8.6", "9.0", "9.0a", "12.0", "12.0a", "12.1"),
    names=(("Ampere+Tegra", "8.7"), ("Ampere", "8.0;8.6+PTX"), ("Hopper", "9.0+PTX")),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9.0", ("9.0",)),
        ("8.0;9.0+PTX", ("8.0", "9.0+PTX")),
        ("8.0 9.0a", ("8.0", "9.0a")),
        ("Ampere", ("8.0", "8.6+PTX")),
        ("Ampere Hopper 12.0a", ("8.0", "8.6+PTX", "9.0+PTX", "12.0a")),
        ("9.0 9.0+PTX", ("9.0+PTX",)),
    ],
)
def test_a_list_is_split_and_its_names_replaced(text: str, expected: tuple[str, ...]) -> None:
    assert added_for_list(text, HELPER) == Added(architectures=expected)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("12.0f", ("12.0f",)),
        ("9.0 10.1+PTX", ("10.1+PTX",)),
        ("8.0,9.0", ("8.0,9.0",)),
        ("8.0;", ("",)),
        ("sm_90", ("sm_90",)),
    ],
)
def test_what_is_not_in_torchs_list_ends_the_build(text: str, unknown: tuple[str, ...]) -> None:
    added = added_for_list(text, HELPER)

    assert added.architectures is None
    assert added.unknown == unknown


def test_without_torchs_list_only_plain_architectures_are_taken() -> None:
    assert added_for_list("9.0 12.0f", None).architectures == ("9.0", "12.0f")
    assert added_for_list("Ampere", None).doubt == "what torch makes of 'Ampere' is not known"


@pytest.mark.parametrize(
    ("gpus", "torch", "expected"),
    [
        (("9.0",), None, ("9.0+PTX",)),
        (("9.0", "9.0"), None, ("9.0+PTX",)),
        # Texts are sorted, so that 12.0 comes first.
        (("9.0", "12.0"), None, ("12.0", "9.0+PTX")),
        (("12.1",), ("sm_90", "sm_120", "compute_120"), ("12.0+PTX",)),
        (("8.6",), ("sm_90",), ("8.6+PTX",)),
        ((), None, None),
    ],
)
def test_without_a_list_the_gpus_decide(
    gpus: tuple[str, ...], torch: tuple[str, ...] | None, expected: tuple[str, ...] | None
) -> None:
    assert added_for_gpus(gpus, torch).architectures == expected
