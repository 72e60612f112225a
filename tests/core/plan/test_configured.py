"""A build folder beside the plan: what is said to differ does differ, and what is not known is not compared."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import CompiledSource, Configured, Extension, Plan, PlannedSource
from buildDoctor.core.plan.configured import all_architectures, beside_plan, pieces, requested

Lists = dict[str, tuple[str, ...] | None]


def plan_of(lists: Lists, extension: str = "_C", generated: tuple[str, ...] = ()) -> Plan:
    """A plan of one extension with these sources."""
    sources = tuple(PlannedSource(path=p, extension=extension, architectures=a) for p, a in lists.items())
    return Plan(sources=sources, extensions=(Extension(name=extension, generated=generated),))


def folder_of(lists: Lists, extension: str = "_C") -> Configured:
    """A build folder of one target with these sources."""
    sources = tuple(CompiledSource(path=p, extension=extension, architectures=a) for p, a in lists.items())
    return Configured(folder="build", sources=sources)


def test_another_list_is_a_difference() -> None:
    compared = beside_plan(folder_of({"a.cu": ("9.0",)}), plan_of({"a.cu": ("9.0", "12.0a")}))

    (difference,) = compared.differences or ()
    assert (difference.path, difference.planned, difference.compiled) == ("a.cu", ("9.0", "12.0a"), ("9.0",))
    assert (compared.not_compiled, compared.not_planned, compared.generated) == ((), (), ())


@pytest.mark.parametrize(
    ("planned", "compiled"),
    [
        pytest.param(("9.0", "12.0"), ("12.0", "9.0"), id="another order"),
        pytest.param(("9.0+PTX",), ("9.0", "compute_90"), id="PTX in two spellings"),
        pytest.param((), ("7.5+PTX",), id="the plan leaves it to the compiler"),
        pytest.param(None, ("9.0",), id="the plan does not know"),
        pytest.param(("9.0",), None, id="the command leaves it open"),
    ],
)
def test_what_is_the_same_or_unknown_is_no_difference(
    planned: tuple[str, ...] | None, compiled: tuple[str, ...] | None
) -> None:
    compared = beside_plan(folder_of({"a.cu": compiled}), plan_of({"a.cu": planned}))

    assert compared.differences == ()


def test_cubin_and_ptx_of_one_architecture_are_two_pieces() -> None:
    assert pieces(["9.0+PTX"]) != pieces(["9.0"]) != pieces(["compute_90"])


def test_what_is_planned_and_not_compiled_is_named() -> None:
    compared = beside_plan(folder_of({"a.cu": ("9.0",)}), plan_of({"a.cu": ("9.0",), "fp4.cu": ("12.0a",)}))

    assert compared.not_compiled == ("fp4.cu",)


def test_a_target_that_the_folder_does_not_build_is_not_missed() -> None:
    """`pip` builds one target after the other, and torch's helper keeps the last extension only."""
    compared = beside_plan(folder_of({"a.cu": ("9.0",)}, "_moe_C"), plan_of({"a.cu": ("9.0",)}, "_C"))

    assert compared.not_compiled == ()
    assert compared.not_planned == ("a.cu",)


def test_a_module_is_the_same_with_and_without_its_package() -> None:
    """setup.py names `vllm._C`, torch's helper hands `_C` to the compiler."""
    compared = beside_plan(folder_of({"a.cu": ("9.0",)}, "_C"), plan_of({"a.cu": ("8.0",)}, "vllm._C"))

    assert [difference.path for difference in compared.differences or ()] == ["a.cu"]


def test_sources_that_a_script_writes_are_counted_apart() -> None:
    """By the globs of the scripts that found nothing, and by the build folder."""
    plan = plan_of({"a.cu": ("9.0",), "/not-built/known.cu": ("9.0",)}, generated=("csrc/marlin/kernel_*.cu",))
    names = ("a.cu", "csrc/marlin/kernel_1.cu", "build/written.cu", "build/known.cu", "stray.cu")

    compared = beside_plan(folder_of(dict.fromkeys(names, ("9.0",))), plan)

    assert compared.generated == ("csrc/marlin/kernel_1.cu", "build/written.cu")
    assert (compared.not_planned, compared.not_compiled) == (("stray.cu",), ())


def test_without_commands_or_plan_nothing_is_compared() -> None:
    assert beside_plan(Configured(folder="build"), plan_of({"a.cu": ("9.0",)})).differences is None
    assert beside_plan(folder_of({"a.cu": ("9.0",)}), Plan()).not_compiled is None


def test_all_architectures_are_known_only_when_each_is() -> None:
    known = folder_of({"a.cu": ("9.0",), "b.cu": ("9.0+PTX", "12.0a")}).sources or ()
    unknown = folder_of({"a.cu": ("9.0",), "b.cu": None}).sources or ()

    assert all_architectures(known) == ("9.0+PTX", "12.0a")
    assert all_architectures(unknown) is None


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("TORCH_CUDA_ARCH_LIST", "8.0 9.0a+PTX", ("8.0", "9.0a+PTX")),
        ("TORCH_CUDA_ARCH_LIST", "8.0;9.0", ("8.0", "9.0")),
        ("TORCH_CUDA_ARCH_LIST", "Common", None),
        ("CMAKE_CUDA_ARCHITECTURES", "80;90a-real;120f-virtual", ("8.0+PTX", "9.0a", "compute_120f")),
        ("CMAKE_CUDA_ARCHITECTURES", "native", None),
        ("CMAKE_CUDA_ARCHITECTURES", "OFF", None),
        ("CMAKE_CUDA_ARCHITECTURES", "", None),
        ("CMAKE_CUDA_ARCHITECTURES", "gfx90a", None),
    ],
)
def test_lists_of_the_cache_are_read_in_their_own_form(
    variable: str, value: str, expected: tuple[str, ...] | None
) -> None:
    assert requested(variable, value) == expected
