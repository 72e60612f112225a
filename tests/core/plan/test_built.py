"""A plan beside the files that were built from it: matched by source where the file tells it, else by numbers."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import Binary, BuiltExtension, Extension, Feature, Plan, PlannedSource, Unit
from buildDoctor.core.plan.built import built_extensions, explains, likely_requests

Lists = dict[str, tuple[str, ...]]
PLAIN = ("9.0", "12.0")


def plan_of(lists: Lists, *, generated: tuple[str, ...] = (), gets: tuple[str, ...] = (), name: str = "_C") -> Plan:
    """A plan of one extension with these sources, and one list for some architectures only."""
    return Plan(
        cuda_version="13.0",
        request=PLAIN,
        architectures=PLAIN,
        features=(Feature(name="Marlin", gets=gets),),
        sources=tuple(PlannedSource(path=path, extension=name, architectures=a) for path, a in lists.items()),
        extensions=(Extension(name=name, sources=tuple(lists), generated=generated),),
    )


def binary_of(
    *units: tuple[str, tuple[str, ...]], files: tuple[str, ...] = (), path: str = "w.whl!vllm/_C.abi3.so"
) -> Binary:
    """A file with these fatbins by source; the sources of all of them are in its symbol table, and further ones."""
    found = tuple(
        Unit(
            index=number,
            source=source,
            cubins=tuple(a.removesuffix("+PTX") for a in architectures),
            ptx=tuple(a.removesuffix("+PTX") for a in architectures if a.endswith("+PTX")),
        )
        for number, (source, architectures) in enumerate(units)
    )
    return Binary(path=path, units=found, sources=(*filter(None, (source for source, _ in units)), *files))


def one(plan: Plan, binary: Binary) -> BuiltExtension:
    """The only extension that is matched."""
    (found,) = built_extensions(plan, [binary])
    return found


def test_a_file_that_holds_what_is_planned_differs_in_nothing() -> None:
    found = one(plan_of({"csrc/a.cu": PLAIN, "csrc/fp4.cu": ("12.0a",)}), binary_of(("fp4", ("12.0a",)), ("a", PLAIN)))

    assert (found.extension, found.compared_by) == ("_C", "names")
    assert (found.differences, found.missing, found.unplanned, found.generated) == ((), (), (), 0)
    assert [(c.architecture, c.planned, c.found) for c in found.counts or ()] == [
        ("9.0", 1, 1),
        ("12.0", 1, 1),
        ("12.0a", 1, 1),
    ]


def test_a_source_with_another_list_is_named_with_both() -> None:
    found = one(plan_of({"csrc/a.cu": PLAIN, "csrc/fp4.cu": ("12.0a",)}), binary_of(("fp4", ("12.0",)), ("a", PLAIN)))

    (difference,) = found.differences or ()
    assert (difference.path, difference.planned, difference.compiled) == ("csrc/fp4.cu", ("12.0a",), ("12.0",))


def test_two_sources_of_one_name_are_told_apart_by_their_lists() -> None:
    """As vLLM has two of activation_kernels.cu."""
    plan = plan_of({"csrc/a.cu": PLAIN, "csrc/moe/a.cu": ("12.0a",)})

    assert one(plan, binary_of(("a", ("12.0a",)), ("a", PLAIN))).differences == ()
    assert [d.path for d in one(plan, binary_of(("a", ("9.0",)), ("a", PLAIN))).differences or ()] == ["csrc/moe/a.cu"]


def test_a_source_without_kernels_is_not_missing() -> None:
    """Its host side is in the symbol table, and it has no fatbin."""
    plan = plan_of({"a.cu": PLAIN, "host.cu": PLAIN, "gone.cu": PLAIN})

    assert one(plan, binary_of(("a", PLAIN), files=("host",))).missing == ("gone.cu",)


def test_sources_that_scripts_write_are_counted_and_others_are_named() -> None:
    plan = plan_of({"a.cu": PLAIN}, generated=("csrc/marlin/kernel_*.cu",))
    binary = binary_of(("a", PLAIN), ("kernel_1", ("8.0",)), ("kernel_2", ("8.0",)), ("stray", PLAIN))

    found = one(plan, binary)

    assert (found.generated, found.unplanned) == (2, ("stray",))


def test_a_source_that_is_left_to_the_compiler_has_its_default() -> None:
    plan = plan_of({"a.cu": ()})

    assert one(plan, binary_of(("a", ("7.5+PTX",)))).differences == ()
    assert len(one(plan, binary_of(("a", ("8.0",)))).differences or ()) == 1


def test_ptx_is_a_piece_of_its_own() -> None:
    plan = plan_of({"a.cu": ("8.0", "9.0+PTX")})

    assert one(plan, binary_of(("a", ("8.0", "9.0+PTX")))).differences == ()
    assert len(one(plan, binary_of(("a", ("8.0", "9.0")))).differences or ()) == 1


def test_a_stripped_file_is_compared_by_numbers_alone() -> None:
    found = one(plan_of({"a.cu": PLAIN, "fp4.cu": ("12.0a",)}), binary_of(("", PLAIN)))

    assert (found.compared_by, found.differences, found.missing, found.unplanned) == ("counts", None, None, None)
    assert [(c.architecture, c.planned, c.found) for c in found.counts or ()][-1] == ("12.0a", 1, 0)


@pytest.mark.parametrize(
    "binary",
    [
        pytest.param(binary_of(("vision", PLAIN)), id="a module of the same name from another project"),
        pytest.param(binary_of(("a", PLAIN), path="_moe_C.abi3.so"), id="another module"),
        pytest.param(binary_of(path="torch/_C.cpython-312-x86_64-linux-gnu.so"), id="no device code"),
    ],
)
def test_files_of_others_are_not_compared(binary: Binary) -> None:
    assert built_extensions(plan_of({"a.cu": PLAIN, "b.cu": PLAIN}), [binary]) == ()


def test_of_two_stripped_files_of_one_name_none_is_taken() -> None:
    files = [binary_of(("", PLAIN), path=f"{package}/_C.abi3.so") for package in ("vllm", "torchvision")]

    assert built_extensions(plan_of({"a.cu": PLAIN}), files) == ()


def test_a_module_of_setup_py_is_matched_without_its_package() -> None:
    plan = plan_of({"a.cu": PLAIN}, name="flash_attn.cuda")

    assert one(plan, binary_of(("a", PLAIN), path="cuda.cpython-312-x86_64-linux-gnu.so")).differences == ()


EXPLAINED = {
    "all as planned": ((("a", PLAIN), ("fp4", ("12.0a",))), True),
    "written sources with a list of the plan": ((("a", PLAIN), ("fp4", ("12.0a",)), ("kernel", ("8.0",))), True),
    "written sources with that list and the build's": (
        (("a", PLAIN), ("fp4", ("12.0a",)), ("kernel", ("8.0", *PLAIN))),
        True,
    ),
    "a source with another list": ((("a", PLAIN), ("fp4", ("12.0",))), False),
    "a source that is not there": ((("a", PLAIN),), False),
    "a strange source with a strange list": ((("a", PLAIN), ("fp4", ("12.0a",)), ("x", ("10.0a",))), False),
}


@pytest.mark.parametrize(("units", "expected"), [pytest.param(*case, id=name) for name, case in EXPLAINED.items()])
def test_a_plan_explains_a_file_when_every_fatbin_has_its_place(
    units: tuple[tuple[str, tuple[str, ...]], ...],
    expected: bool,  # noqa: FBT001  a parameter of the table
) -> None:
    plan = plan_of({"a.cu": PLAIN, "fp4.cu": ("12.0a",)}, gets=("8.0",))

    assert explains(plan, [binary_of(*units)]) is expected


def test_by_numbers_a_plan_explains_a_file_with_few_sources_fewer() -> None:
    """One without kernels has no fatbin, which a stripped file cannot tell from one that is not there."""
    plan = plan_of({f"{number}.cu": PLAIN for number in range(30)})

    assert explains(plan, [binary_of(*[("", PLAIN)] * 28)])
    assert not explains(plan, [binary_of(*[("", PLAIN)] * 15)])
    assert not explains(plan, [binary_of(*[("", PLAIN)] * 30, ("", ("10.0a",)))])


def test_nothing_is_explained_without_a_file() -> None:
    assert not explains(plan_of({"a.cu": PLAIN}), [])


def test_the_likeliest_request_is_what_most_fatbins_hold() -> None:
    plan = plan_of({"a.cu": PLAIN, "b.cu": PLAIN, "fp4.cu": ("12.0a",)})
    binary = binary_of(("a", ("8.0", "9.0+PTX")), ("b", ("8.0", "9.0+PTX")), ("fp4", ("10.0a", "12.0a")))

    assert likely_requests(plan, [binary]) == (("8.0", "9.0+PTX"), ("10.0", "12.0"), ("8.0", "9.0+PTX", "10.0", "12.0"))
