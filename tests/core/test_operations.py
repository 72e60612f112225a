"""Known operations: which symbols are theirs, by the names in real builds of vLLM."""

from __future__ import annotations

import pytest

from buildDoctor.core.models.operations import OPERATIONS, plain_name

MM, QUANT, SUPPORTS = OPERATIONS
GEMM = "_ZN7cutlass13device_kernelINS_4gemm6kernel13GemmUniversalI"
NVFP4 = "NS5_IJNS_12float_e2m1_tENS_13float_ue4m3_tEEEE"


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_Z16scaled_fp4_quantRN2at6TensorERKS0_S1_S3_", "scaled_fp4_quant"),
        ("_Z28cutlass_scaled_fp4_mm_sm100aRN2at6TensorERKS0_S3_S3_S3_S3_", "cutlass_scaled_fp4_mm_sm100a"),
        ("_ZN4vllm15cvt_fp16_to_fp4I6__halfLb0EEEviiPKT_PKfPjS7_", "cvt_fp16_to_fp4"),
        ("_ZN4vllmL15cvt_fp16_to_fp4I6__halfLb0EEEviiPKT_PKfPjS7_", "cvt_fp16_to_fp4"),
        ("_ZL33validate_fp4_experts_quant_inputsRKN5torch6stable6TensorE", "validate_fp4_experts_quant_inputs"),
        ("cuda_function", "cuda_function"),
        ("_Z16scaled_fp4_quantRN2at6TensorERKS0_S1_S3_.cold", None),
        ("_ZZ33run_fp4_blockwise_scaled_group_mmIN7cutlass6half_tEEvRN2at6TensorE", None),
        ("_Z41__device_stub__Z15cvt_fp16_to_fp4iiiiiiiPf", None),
        ("_Z99999scaled_fp4_quant", None),
    ],
)
def test_the_plain_name_of_a_symbol(symbol: str, name: str | None) -> None:
    assert plain_name(symbol) == name


@pytest.mark.parametrize(
    ("mangled", "is_quant"),
    [
        ("_ZN4vllm15cvt_fp16_to_fp4I13__nv_bfloat16Lb0EEEviiPKT_PKfPjS7_", True),
        ("_ZN4vllm15cvt_fp16_to_fp4I6__halfLb0ELb1EEEviiiiPKT_PKfPjS7_", True),
        ("_ZN4vllm24cvt_fp16_to_fp4_sf_majorI6__halfLb0EEEviiiiiPKT_PKfPjS7_", True),
        ("_ZN4vllm15cvt_fp16_to_fp4I6__halfLb0ELb1EEEviiPKT_PKfPjS7_S7_S7_i", False),
        ("_ZN4vllm15cvt_fp16_to_fp4I6__halfLb0ELb1EEEviiPKT_PKfPjS7_S7_S7_ib", False),
        ("_ZN4vllm24silu_mul_cvt_fp16_to_fp4I6__halfLb0EEEviiPKT_PKfPjS7_", False),
        ("_ZN4vllm21mxfp4_cvt_fp16_to_fp4I6__halfLb0ELb0EEEviiPKT_PNS_5u32x2EPjS7_S7_i", False),
    ],
    ids=["0.11.0", "0.33.0", "0.33.0-layout", "experts", "experts-large", "fused-activation", "mxfp4"],
)
def test_the_kernels_of_scaled_fp4_quant(mangled: str, is_quant: bool) -> None:  # noqa: FBT001  a column of the table
    assert QUANT.is_kernel(mangled) is is_quant


@pytest.mark.parametrize(
    ("mangled", "is_mm"),
    [
        (f"{GEMM}N4cute5tupleIJiiiiEEENS1_10collective13CollectiveMmaI{NVFP4}", True),
        (f"{GEMM}NS1_17GroupProblemShapeIN4cute5tupleIJiiiEEEEE{NVFP4}", False),
        (f"{GEMM}N4cute5tupleIJiiiiEEENS5_IJNS_12float_e2m1_tENS_13float_ue8m0_tEEEE", False),
        ("_Z23__get_group_gemm_startsIN7cutlass12float_e2m1_tE6__half", False),
    ],
    ids=["nvfp4", "grouped", "mxfp4", "helper"],
)
def test_the_kernels_of_cutlass_scaled_fp4_mm(mangled: str, is_mm: bool) -> None:  # noqa: FBT001  a column of the table
    assert MM.is_kernel(mangled) is is_mm


@pytest.mark.parametrize("name", ["scaled_fp4_quant_sm1xxa", "scaled_fp4_quant_sm120a"])
def test_an_implementation_is_the_name_with_an_architecture(name: str) -> None:
    assert QUANT.is_implementation(name)


@pytest.mark.parametrize("name", ["scaled_fp4_quant", "scaled_fp4_quant_out", "silu_and_scaled_fp4_quant_sm1xxa"])
def test_other_names_are_no_implementation(name: str) -> None:
    assert not QUANT.is_implementation(name)


def test_the_question_launches_nothing() -> None:
    assert not SUPPORTS.launches
    assert not SUPPORTS.is_kernel("_Z30cutlass_scaled_mm_supports_fp4l")
