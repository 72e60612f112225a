"""What formats need: of the hardware by NVIDIA's table, of the build by its kernels."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import (
    Binary,
    EntryPoint,
    Host,
    Kernel,
    ModelFormat,
    ModelRequirement,
    Plan,
    PlannedSource,
)
from buildDoctor.core.models.needs import Built, requirements
from buildDoctor.core.models.ways import E2M1, E4M3, E8M0, UINT4_B8, UINT8_B128, WAYS, scalar

NVFP4 = ModelFormat(name="nvfp4", part="weights", weight_bits=4, activation_bits=4, group_size=16)
MARLIN_NVFP4 = f"_ZN6marlin6MarlinI6__half{E2M1}{E4M3}Li256ELi1ELi8EEEvPK4int4"
"""As vLLM 0.11.0 has it, shortened behind the parts that tell."""
MARLIN_MXFP4 = f"_ZN6marlin6MarlinI13__nv_bfloat16{E2M1}{E8M0}Li128EEEvPK4int4"


def entry(name: str, state: str, *architectures: str) -> EntryPoint:
    return EntryPoint(name=name, state=state, architectures=architectures)


def need(built: Built, capability: str = "12.0", one: ModelFormat = NVFP4) -> ModelRequirement:
    (found,) = requirements([one], [capability], built)
    return found


def with_points(*points: EntryPoint, kernels: tuple[Kernel, ...] = ()) -> Built:
    return Built(binaries=(Binary(path="_C.abi3.so", host=Host(entry_points=points)),), kernels=kernels)


def states(found: ModelRequirement) -> dict[str | None, str | None]:
    return {way.name: way.build for way in found.ways or ()}


def test_the_native_kernels_are_the_best_way() -> None:
    built = with_points(entry("scaled_fp4_quant", "kernel", "12.0a"), entry("cutlass_scaled_fp4_mm", "kernel", "12.0a"))
    found = need(built)
    assert (found.best, found.native, states(found)) == ("cutlass", True, {"cutlass": "kernel", "marlin": "none"})


def test_one_missing_operation_is_enough() -> None:
    built = with_points(entry("scaled_fp4_quant", "kernel", "12.0a"), entry("cutlass_scaled_fp4_mm", "entry-point"))
    assert (need(built).best, states(need(built))["cutlass"]) == ("", "stub")


def test_a_kernel_of_cutlass_needs_its_suffix() -> None:
    """Compiled for plain 12.0, it runs there and ends in an error."""
    built = with_points(entry("scaled_fp4_quant", "kernel", "12.0"), entry("cutlass_scaled_fp4_mm", "kernel", "12.0"))
    assert (need(built).best, states(need(built))["cutlass"]) == ("", "no-suffix")
    planned = (PlannedSource(path="csrc/fp4/nvfp4_scaled_mm_sm120_kernels.cu", architectures=("12.0",)),)
    assert states(need(Built(plan=Plan(sources=planned))))["cutlass"] == "no-suffix"


def test_kernels_for_another_gpu_are_no_way() -> None:
    built = with_points(entry("scaled_fp4_quant", "kernel", "10.0a"), entry("cutlass_scaled_fp4_mm", "kernel", "10.0a"))
    assert (need(built).best, states(need(built))["cutlass"]) == ("", "other-gpus")


@pytest.mark.parametrize(
    ("capability", "state", "best"), [("8.0", "kernel", "marlin"), ("9.0", "jit", "marlin"), ("12.0", "jit", "marlin"), ("7.5", "other-gpus", "")]
)  # fmt: skip
def test_marlin_serves_what_its_images_serve(capability: str, state: str, best: str) -> None:
    built = with_points(kernels=(Kernel(name=MARLIN_NVFP4, cubins=("8.0",), ptx=("8.0",)),))
    found = need(built, capability)
    assert (states(found)["marlin"], found.best, found.native) == (state, best, False)


def test_marlin_for_other_scales_is_not_meant() -> None:
    built = with_points(kernels=(Kernel(name=MARLIN_MXFP4, cubins=("8.0",), ptx=()),))
    assert states(need(built, "8.0"))["marlin"] == "none"


def test_hardware_is_judged_apart_from_the_build() -> None:
    built = with_points(kernels=(Kernel(name=MARLIN_NVFP4, cubins=("7.0",), ptx=()),))
    found = need(built, "7.0")
    assert [way.hardware for way in found.ways or ()] == [False, False]
    assert found.best == ""


def test_without_a_build_nothing_is_said_about_it() -> None:
    found = need(Built())
    assert (found.best, found.native, states(found)) == (None, None, {"cutlass": None, "marlin": None})


def test_files_of_another_program_say_nothing_by_what_they_lack() -> None:
    """A library for images has no kernels for any model."""
    built = Built(binaries=(Binary(path="PIL/_imaging.so", package="PIL", host=Host(entry_points=())),), kernels=())
    assert states(need(built)) == {"cutlass": None, "marlin": None}
    engine = Built(binaries=(Binary(path="vllm/_C.abi3.so", package="vllm", host=Host(entry_points=())),), kernels=())
    assert states(need(engine)) == {"cutlass": "none", "marlin": "none"}


def test_a_plan_answers_where_no_file_was_examined() -> None:
    sources = (
        PlannedSource(path="csrc/quantization/fp4/nvfp4_scaled_mm_sm120_kernels.cu", architectures=("12.0a",)),
        PlannedSource(path="csrc/quantization/gptq_marlin/kernel.cu", architectures=("8.0+PTX",)),
    )
    found = need(Built(plan=Plan(sources=sources)))
    assert (states(found), found.best) == ({"cutlass": "planned", "marlin": "planned"}, "cutlass")
    assert states(need(Built(plan=Plan(sources=sources)), "10.0"))["cutlass"] == "not-planned"


def test_the_source_of_an_entry_point_is_no_kernel() -> None:
    entry_alone = (PlannedSource(path="csrc/quantization/fp4/nvfp4_scaled_mm_entry.cu", architectures=("12.0",)),)
    assert states(need(Built(plan=Plan(sources=entry_alone))))["cutlass"] == "not-planned"


def test_what_comes_from_elsewhere_needs_no_build() -> None:
    gpt_oss = ModelFormat(name="mxfp4", part="weights", weight_bits=4, activation_bits=16, group_size=32)
    assert need(Built(), "9.0", gpt_oss).best == "triton"


def test_a_kv_cache_and_an_unknown_format_need_nothing_that_is_known() -> None:
    cache = ModelFormat(name="fp8", part="kv-cache", activation_bits=16)
    strange = ModelFormat(name="int3", part="weights", activation_bits=16)
    assert requirements([cache, strange], ["12.0"], Built()) == ()


def test_numbers_are_those_of_vllms_kernels() -> None:
    """Read out of the names of Marlin's kernels in the wheel of vLLM 0.11.0."""
    assert (E2M1, E4M3, E8M0) == ("Ll562949953487106E", "Ll2814749767172868E", "Ll2814749767106568E")
    assert (UINT4_B8, UINT8_B128) == ("Ll1125899907892224E", "Ll1125899923621888E")
    assert scalar(0, 4, signed=False) == "Ll1125899906843648E"


def test_every_list_of_ways_ends_with_what_needs_least() -> None:
    """The preferred way comes first, and it is the one that needs the newest GPU."""
    for ways in WAYS.values():
        numbers = [tuple(map(int, way.needs.split("."))) for way in ways]
        assert numbers == sorted(numbers, reverse=True)
