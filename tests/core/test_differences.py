"""What changed between two builds, and what of it is a loss."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.comparing.changes import Differences, FileChange
from buildDoctor.core.comparing.differences import differences
from buildDoctor.core.comparing.kernel_changes import served_otherwise
from buildDoctor.core.evidence import Binary, EntryPoint, Host, Image, Kernel, Unit

ADD, MUL = "_ZN4vllm3addEPf", "_ZN4vllm3mulEPf"
Kernels = dict[str, Iterable[str]]


def file(kernels: Kernels | None = None, *, host: Host | None = None, counted: int | None = None) -> Binary:
    """A file of one unit; `9.0+PTX` stands for PTX."""
    listed = tuple(
        Kernel(
            name=name,
            unit=0,
            cubins=tuple(a for a in architectures if not a.endswith("+PTX")),
            ptx=tuple(a.removesuffix("+PTX") for a in architectures if a.endswith("+PTX")),
        )
        for name, architectures in (kernels or {}).items()
    )
    every = dict.fromkeys(a for architectures in (kernels or {}).values() for a in architectures)
    images = tuple(Image(kind="cubin", architecture=a, unit=0, size_bytes=100) for a in every)
    units = (Unit(index=0, kernel_count=len(listed) if counted is None else counted),)
    return Binary(path="x", size_bytes=1000, images=images, units=units, kernels=listed, host=host)


def compared(before: dict[str, Binary], after: dict[str, Binary]) -> Differences:
    return differences(("A", "B"), before, after)


def one(before: Binary, after: Binary) -> FileChange:
    (found,) = compared({"_C.so": before}, {"_C.so": after}).files
    return found


def test_a_build_does_not_differ_from_itself() -> None:
    build = {"_C.so": file({ADD: ["8.0", "9.0+PTX"]}), "_D.so": file()}
    found = compared(build, build)
    assert [change.change for change in found.files] == ["same", "same"]
    assert found.losses == 0


def test_a_kernel_that_is_gone_is_a_loss() -> None:
    found = one(file({ADD: ["8.0"], MUL: ["8.0"]}), file({ADD: ["8.0"]}))
    assert [(change.name, change.change, change.before) for change in found.kernels] == [(MUL, "lost", ("8.0",))]
    assert found.is_loss


def test_a_new_kernel_is_none() -> None:
    found = one(file({ADD: ["8.0"]}), file({ADD: ["8.0"], MUL: ["8.0"]}))
    assert [(change.name, change.change, change.after) for change in found.kernels] == [(MUL, "gained", ("8.0",))]
    assert not found.is_loss


@pytest.mark.parametrize(
    ("before", "after", "worse", "better"),
    [
        pytest.param(["8.0", "9.0"], ["8.0"], ["9.0"], [], id="an architecture that nothing else serves"),
        pytest.param(["8.0", "8.6"], ["8.0"], [], [], id="one that runs the code of an older minor"),
        pytest.param(["12.0a"], ["12.0f"], [], ["12.1"], id="the family in place of one chip"),
        pytest.param(["12.0"], ["12.0a"], ["12.1"], [], id="one chip in place of the plain form"),
        pytest.param(
            ["9.0+PTX"], ["9.0"], ["10.0", "10.3", "11.0", "12.0", "12.1"], ["9.0"], id="machine code in place of PTX"
        ),
        pytest.param(["10.0"], ["10.0a"], ["10.3"], [], id="the case of B300"),
    ],
)
def test_who_is_served_otherwise(before: list[str], after: list[str], worse: list[str], better: list[str]) -> None:
    """By what runs where, not by the names of architectures."""
    found = one(file({ADD: before}), file({ADD: after}))
    (change,) = found.kernels
    assert (change.change, list(change.worse), list(change.better)) == ("changed", worse, better)
    assert found.is_loss == bool(worse)


@given(
    st.sets(st.sampled_from(["7.5", "8.0", "8.6", "9.0", "9.0a", "10.0f", "12.0", "9.0+PTX"])),
    st.sets(st.sampled_from(["8.0", "12.0a", "12.0f", "8.0+PTX"])),
)
def test_more_architectures_serve_nobody_less_well(some: set[str], more: set[str]) -> None:
    """And what is worse in one direction is better in the other."""
    before, after = tuple(sorted(some)), tuple(sorted(some | more))
    worse, better = served_otherwise(before, after)
    assert worse == ()
    assert served_otherwise(after, before) == (better, ())


def test_a_kernel_in_another_file_has_moved() -> None:
    before = {"_C.so": file({ADD: ["8.0"], MUL: ["8.0"]}), "_moe_C.so": file({"k": ["8.0"]})}
    after = {"_C.so": file({ADD: ["8.0"]}), "_moe_C.so": file({"k": ["8.0"], MUL: ["8.0"]})}
    found = compared(before, after)
    assert [(one.change, one.moved_to) for one in found.files[0].kernels] == [("moved", "_moe_C.so")]
    assert found.losses == 0


def test_other_parameters_are_no_loss() -> None:
    """Each kernel of a function with a new parameter has another mangled name."""
    found = one(file({"_ZN4vllm3addEPf": ["8.0", "9.0"]}), file({"_ZN4vllm3addEPfi": ["8.0", "9.0", "12.0"]}))
    (change,) = found.kernels
    assert (change.change, change.replaced_by, change.better) == ("replaced", "_ZN4vllm3addEPfi", ("12.0", "12.1"))
    assert not found.is_loss


def test_a_replacement_that_serves_fewer_gpus_is_a_loss() -> None:
    found = one(file({"_ZN4vllm3addEPf": ["8.0", "9.0"]}), file({"_ZN4vllm3addEPfi": ["8.0"]}))
    assert sorted(change.change for change in found.kernels) == ["gained", "lost"]


def test_one_new_kernel_replaces_one() -> None:
    """Of two variants of a function that are gone, one new one makes up for one."""
    before = file({"_ZN4vllm3addIfEEvPT_": ["8.0"], "_ZN4vllm3addIdEEvPT_": ["8.0"]})
    found = one(before, file({"_ZN4vllm3addIhEEvPT_": ["8.0"]}))
    assert sorted(change.change for change in found.kernels) == ["lost", "replaced"]


def test_images_are_compared_by_kind_and_architecture() -> None:
    found = one(file({ADD: ["8.0", "9.0"]}), file({ADD: ["9.0", "12.0"]}))
    assert [(image.architecture, image.change) for image in found.images] == [("8.0", "lost"), ("12.0", "gained")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("vllm/_C.abi3.so", "vllm/_C_stable_libtorch.abi3.so"),
        ("vllm/_C.cpython-312-x86_64-linux-gnu.so", "vllm/_C.abi3.so"),
        ("vllm/_C.abi3.so", "vllm/native/_C.abi3.so"),
        ("a/x.so", "b/y.so"),
    ],
    ids=["a longer name", "another Python", "another folder", "the same kernels under another name"],
)
def test_a_renamed_file_is_said_to_be_renamed(before: str, after: str) -> None:
    """Not one that is gone and one that is new."""
    other = file({"only_here": ["8.0"], "and_here": ["8.0"]})
    kernels = {ADD: ["8.0"], MUL: ["9.0"]}
    found = compared({before: file(kernels), "other.so": other}, {after: file(kernels), "other.so": other})
    changed = [change for change in found.files if change.change != "same"]
    assert [(change.change, change.path_before, change.path_after) for change in changed] == [
        ("renamed", before, after)
    ]
    assert found.losses == 0


def test_files_with_nothing_in_common_are_gone_and_new() -> None:
    found = compared(
        {"a.so": file({ADD: ["8.0"]}), "keep.so": file()}, {"keep.so": file(), "b.so": file({"k": ["8.0"]})}
    )
    assert {change.path_before or change.path_after: change.change for change in found.files} == {
        "a.so": "lost", "b.so": "gained", "keep.so": "same",
    }  # fmt: skip
    assert found.losses == 1


def test_two_files_alone_are_compared_whatever_they_are_called() -> None:
    found = compared({"old.so": file({ADD: ["8.0"]})}, {"new.so": file({ADD: ["8.0"]})})
    assert [change.change for change in found.files] == ["renamed"]


def test_kernels_that_a_report_does_not_list_are_not_lost() -> None:
    """A report lists the kernels of known operations; the others are not compared."""
    found = one(file({ADD: ["8.0"], MUL: ["8.0"]}), file({}, counted=2))
    assert (found.kernels_compared, found.kernels) == ("known operations", ())


def test_an_operation_without_its_kernel_is_a_loss() -> None:
    def with_state(state: str) -> Binary:
        return file({ADD: ["8.0"]}, host=Host(entry_points=(EntryPoint(name="scaled_fp4_quant", state=state),)))

    lost = one(with_state("kernel"), with_state("entry-point"))
    assert [(change.part, change.name, change.before, change.after) for change in lost.host] == [
        ("entry point", "scaled_fp4_quant", "kernel", "entry-point")
    ]
    assert lost.is_loss
    assert not one(with_state("entry-point"), with_state("kernel")).is_loss


def test_a_symbol_or_library_that_is_gone_is_said_and_no_loss() -> None:
    before = file({ADD: ["8.0"]}, host=Host(symbols=("a", "b"), needed=("libcudart.so.12",), glibc="2.14"))
    after = file({ADD: ["8.0"]}, host=Host(symbols=("b",), needed=("libcudart.so.13",), glibc="2.29"))
    found = one(before, after)
    assert {(change.part, change.name, change.change) for change in found.host} == {
        ("symbol", "a", "lost"),
        ("needs", "libcudart.so.12", "lost"),
        ("needs", "libcudart.so.13", "gained"),
        ("glibc", "", "changed"),
    }
    assert not found.is_loss


def test_a_side_that_was_not_looked_at_changes_nothing() -> None:
    assert one(file({ADD: ["8.0"]}, host=Host(symbols=("a",))), file({ADD: ["8.0"]})).host == ()
