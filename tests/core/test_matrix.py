"""What each kernel is to each GPU, by the images of its unit."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.matrix import kernel_matrix, kernel_verdict, relinks
from buildDoctor.core.evidence import Binary, DeviceSection, Kernel, Unit

NATIVE, FAMILY, JIT, NOT_PROMISED, NONE = (
    Verdict.NATIVE,
    Verdict.FAMILY,
    Verdict.JIT,
    Verdict.NOT_PROMISED,
    Verdict.NONE,
)


def unit(*cubins: str, ptx: tuple[str, ...] = (), count: int | None = 1, index: int = 0) -> Unit:
    return Unit(index=index, cubins=cubins, ptx=ptx, kernel_count=count)


def kernel(*cubins: str, ptx: tuple[str, ...] = (), at: int = 0, name: str = "k") -> Kernel:
    return Kernel(name=name, unit=at, cubins=cubins, ptx=ptx)


@pytest.mark.parametrize(
    ("cubins", "ptx", "capability", "verdict"),
    [
        (("9.0",), (), "9.0", NATIVE),
        (("8.0",), (), "8.6", NATIVE),
        (("8.0",), (), "9.0", NONE),
        (("9.0a",), (), "9.0", NATIVE),
        (("10.0a",), (), "10.3", NONE),
        (("10.0f",), (), "10.3", FAMILY),
        (("12.0f",), (), "10.3", NONE),
        (("8.0",), ("8.0",), "9.0", JIT),
        (("8.0",), ("9.0a",), "12.0", NONE),
        (("8.0",), (), "8.7", NOT_PROMISED),
        (("8.0",), ("8.0",), "8.7", JIT),
        (("12.0", "12.0f"), (), "12.0", NATIVE),
        (("garbage",), ("more",), "9.0", NONE),
        ((), (), "9.0", NONE),
    ],
)
def test_a_kernel_in_all_images_of_its_unit(
    cubins: tuple[str, ...], ptx: tuple[str, ...], capability: str, verdict: Verdict
) -> None:
    assert kernel_verdict(kernel(*cubins, ptx=ptx), unit(*cubins, ptx=ptx), capability) is verdict


def test_a_kernel_that_the_nearest_image_lacks_is_not_there() -> None:
    """The driver takes 8.6 for 8.6, and looks for the kernel in that image only."""
    both = unit("8.0", "8.6")
    assert kernel_verdict(kernel("8.0"), both, "8.6") is NONE
    assert kernel_verdict(kernel("8.0"), both, "8.0") is NATIVE


def test_ptx_does_not_help_where_machine_code_runs() -> None:
    assert kernel_verdict(kernel(ptx=("8.0",)), unit("9.0", ptx=("8.0",)), "9.0") is NONE
    assert kernel_verdict(kernel(ptx=("8.0",)), unit("9.0", ptx=("8.0",)), "12.0") is JIT


@pytest.mark.parametrize(
    ("specific", "plain", "verdict"),
    [
        (kernel("9.0"), unit("9.0", "9.0a"), NONE),
        (kernel("9.0a"), unit("9.0", "9.0a"), NATIVE),
        (kernel(ptx=("9.0",)), unit(ptx=("9.0", "9.0a")), NONE),
        (kernel(ptx=("9.0a",)), unit(ptx=("9.0", "9.0a")), JIT),
    ],
    ids=["cubin-lacks-it", "cubin-has-it", "ptx-lacks-it", "ptx-has-it"],
)
def test_the_image_for_exactly_the_chip_is_taken_before_the_plain_one(
    specific: Kernel, plain: Unit, verdict: Verdict
) -> None:
    assert kernel_verdict(specific, plain, "9.0") is verdict


def test_a_mark_for_one_chip_says_nothing_before_there_are_such_targets() -> None:
    """A driver compiled PTX for 8.0 whose header was given the mark; for 9.0 it is heeded."""
    assert kernel_verdict(kernel(ptx=("8.0a",)), unit(ptx=("8.0a",)), "9.0") is JIT
    assert kernel_verdict(kernel(ptx=("9.0a",)), unit(ptx=("9.0a",)), "12.0") is NONE


@pytest.mark.parametrize(("registered", "verdict"), [(True, NATIVE), (None, NATIVE), (False, NONE)])
def test_a_kernel_must_be_registered_where_that_is_known(registered: bool | None, verdict: Verdict) -> None:  # noqa: FBT001  a parameter of the cases
    one = replace(kernel("9.0"), registered=registered)
    assert kernel_verdict(one, unit("9.0"), "9.0") is verdict
    link = relocatable(unit("8.0", ptx=("8.0",)))
    linked = replace(link, kernels=(replace(kernel("8.0"), registered=registered),))
    assert kernel_matrix(linked, ("9.0",))[0].verdicts == (NONE if registered is False else JIT,)


def test_ptx_serves_its_own_unit_only() -> None:
    binary = Binary(
        units=(unit("8.0", index=0), unit("8.0", ptx=("8.0",), index=1)),
        kernels=(kernel("8.0", at=0, name="a"), kernel("8.0", ptx=("8.0",), at=1, name="b")),
    )
    assert [(row.name, row.verdicts) for row in kernel_matrix(binary, ("8.0", "9.0"))] == [
        ("a", (NATIVE, NONE)),
        ("b", (NATIVE, JIT)),
    ]


def relocatable(*units: Unit, reached: str = "device-link") -> Binary:
    section = DeviceSection(name="__nv_relfatbin", reached=reached, units=units, kernels=(kernel("8.0", ptx=("8.0",)),))
    return Binary(units=(unit("8.0"),), kernels=(kernel("8.0"),), other_sections=(section,))


@pytest.mark.parametrize(
    ("binary", "verdict"),
    [
        (relocatable(unit("8.0", ptx=("8.0",))), JIT),
        (relocatable(unit("8.0", ptx=("8.0",)), unit("9.0")), JIT),
        (relocatable(unit("8.0", ptx=("8.0",)), unit("8.0")), NONE),
        (relocatable(unit("8.0")), NONE),
        (relocatable(unit("8.0", ptx=("8.0",)), unit()), NONE),
        (relocatable(unit("8.0", ptx=("8.0",)), reached="library"), NONE),
    ],
    ids=["ptx", "ptx-and-machine-code", "one-unit-without", "no-ptx", "lto-ir-alone", "another-section"],
)
def test_the_driver_joins_separately_compiled_units_when_each_has_code(binary: Binary, verdict: Verdict) -> None:
    assert [row.verdicts for row in kernel_matrix(binary, ("9.0",))] == [(verdict,)]


def test_a_link_gives_only_the_kernels_that_are_in_it() -> None:
    binary = relocatable(unit("8.0", ptx=("8.0",)))
    other = Binary(units=binary.units, kernels=(kernel("8.0", name="other"),), other_sections=binary.other_sections)
    assert [row.verdicts for row in kernel_matrix(other, ("9.0",))] == [(NONE,)]


def test_nothing_relinks_to_nothing() -> None:
    assert not relinks(DeviceSection(units=()), "9.0")


def test_a_hundred_thousand_kernels_take_little_time() -> None:
    kernels = tuple(kernel("8.0", "9.0", name=f"k{number}") for number in range(100_000))
    rows = kernel_matrix(Binary(units=(unit("8.0", "9.0"),), kernels=kernels), ("8.0", "9.0", "12.0"))
    assert {row.verdicts for row in rows} == {(NATIVE, NATIVE, NONE)}
