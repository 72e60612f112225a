"""Where a kernel is lost between the GPU and the launch."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from buildDoctor.core.evidence import Binary, EntryPoint, Evidence, Feature, Host, Plan, PlannedSource, Torch, Unit
from buildDoctor.core.flow import Layer, Row, State, flow

NVFP4 = Feature(
    name="NVFP4", variable="FP4_ARCHS", wants=("12.0a",), gets=("12.0a",), built=True, sources=("csrc/nvfp4.cu",)
)
PLAN = Plan(
    cuda_version="12.9",
    request=("9.0", "12.0"),
    architectures=("9.0", "12.0"),
    features=(NVFP4,),
    sources=(
        PlannedSource(path="csrc/plain.cu", architectures=("9.0", "12.0")),
        PlannedSource(path="csrc/nvfp4.cu", architectures=("12.0a",)),
    ),
)
BINARY = Binary(
    path="_C.abi3.so",
    units=(Unit(index=0, cubins=("9.0", "12.0"), ptx=(), kernel_count=3), Unit(index=1, cubins=("12.0a",), ptx=(), kernel_count=1)),
    host=Host(entry_points=(EntryPoint(name="scaled_fp4_quant", state="kernel", launches=True, architectures=("12.0a",)),)),
)  # fmt: skip
HEALTHY = Evidence(
    capabilities=("12.0",), torch=Torch(architectures=("sm_90", "sm_120")), plan=PLAN, binaries=(BINARY,)
)


def row_of(evidence: Evidence, feature: str) -> Row:
    return next(row for row in flow(evidence) if row.feature == feature)


def with_plan(**values: object) -> Evidence:
    return replace(HEALTHY, plan=replace(PLAN, **values))  # type: ignore[arg-type]  # fields of the plan


def test_on_a_healthy_machine_nothing_is_lost_on_the_way() -> None:
    assert [row.first_loss for row in flow(HEALTHY)] == [None, None]
    assert {cell.state for row in flow(HEALTHY) for cell in row.cells} == {State.KEPT}


@pytest.mark.parametrize(
    ("evidence", "layer"),
    [
        (with_plan(cuda_version="12.6"), Layer.TOOLKIT),
        (replace(HEALTHY, torch=Torch(architectures=("sm_90",))), Layer.TORCH),
        (with_plan(request=("9.0",)), Layer.REQUEST),
        (with_plan(architectures=("9.0",)), Layer.SUPPORTED),
        (with_plan(features=(replace(NVFP4, gets=(), built=False),)), Layer.FEATURE),
        (with_plan(features=(replace(NVFP4, built=False),)), Layer.FEATURE),
        (with_plan(sources=PLAN.sources[:1] if PLAN.sources else ()), Layer.COMPILE),
        (replace(HEALTHY, binaries=(replace(BINARY, units=(BINARY.units or ())[:1]),)), Layer.IMAGE),
        (
            replace(HEALTHY, binaries=(replace(BINARY, host=Host(entry_points=(EntryPoint(name="scaled_fp4_quant", state="entry-point", launches=True),))),)),
            Layer.ENTRY,
        ),
    ],
    ids=[
        "toolkit-too-old", "torch-without-it", "nobody-asked", "supported-list-drops-it", "feature-gets-nothing",
        "feature-not-built", "not-compiled", "no-image", "entry-point-without-kernel",
    ],
)  # fmt: skip
def test_the_first_layer_that_leaves_nothing_is_named(evidence: Evidence, layer: Layer) -> None:
    loss = row_of(evidence, "NVFP4").first_loss

    assert loss is not None
    assert loss.layer is layer


def test_a_feature_for_other_gpus_is_not_lost() -> None:
    """A kernel that is written for Hopper has no loss on Blackwell, whatever the lists say."""
    hopper = Feature(name="machete", variable="M", wants=("9.0a",), gets=(), built=False, sources=())
    row = row_of(with_plan(features=(hopper,)), "machete")

    assert row.first_loss is None
    assert {cell.state for cell in row.cells if cell.layer is Layer.FEATURE} == {State.BY_DESIGN}


def test_a_layer_that_was_not_seen_is_said_to_be_not_seen() -> None:
    bare = Evidence(capabilities=("12.0",))

    states = {cell.layer: cell.state for cell in flow(bare)[0].cells}

    assert states == {layer: State.NOT_SEEN for layer in states if layer is not Layer.GPU} | {Layer.GPU: State.KEPT}


def test_ptx_serves_a_later_gpu_and_units_without_kernels_serve_none() -> None:
    units = (Unit(index=0, cubins=("8.0",), ptx=("8.0",), kernel_count=2),)
    empty = (Unit(index=0, cubins=("8.0",), ptx=("8.0",), kernel_count=0),)

    def image(held: tuple[Unit, ...]) -> State:
        evidence = replace(HEALTHY, binaries=(replace(BINARY, units=held),))
        return next(cell.state for cell in row_of(evidence, "").cells if cell.layer is Layer.IMAGE)

    assert (image(units), image(empty)) == (State.KEPT, State.LOST)
