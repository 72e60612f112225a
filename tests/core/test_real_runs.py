"""What a real GPU did with many sets of images, against what is predicted from the few facts that were kept of each.

`tests/device/` builds and runs the sets and writes the file; its comment names the GPU, the driver and the toolkit.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

TESTS = Path(__file__).parent.parent
RECORDED = TESTS / "data" / "image-sets-on-cc9.0.tsv"
FEWEST = 60


@pytest.fixture(scope="module")
def kept() -> ModuleType:
    """The prediction, which lies beside the scripts for the device and not on the import path."""
    spec = importlib.util.spec_from_file_location("kept", TESTS / "device" / "kept.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def recorded() -> list[list[str]]:
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(
    ("name", "capability", "error", "value", "facts"), [pytest.param(*each, id=each[0]) for each in recorded()]
)
def test_a_set_of_images_did_what_is_predicted(
    kept: ModuleType, name: str, capability: str, error: str, value: str, facts: str
) -> None:
    ran = (error, value) == ("cudaSuccess", "42")
    predicted = kept.verdict(json.loads(facts), capability)
    assert (predicted in kept.RUNS) == ran, f"{name}: predicted {predicted}, but {error}"


def test_enough_sets_are_recorded_and_the_file_says_where_they_ran() -> None:
    assert len(recorded()) >= FEWEST
    assert RECORDED.read_text(encoding="utf-8").startswith("# GPU and driver: ")


def unit(*cubins: str, ptx: tuple[str, ...] = (), held: bool = True, reached: str = "loaded") -> dict[str, object]:
    here = {"kernel_cubins": cubins, "kernel_ptx": ptx} if held else {"kernel_cubins": (), "kernel_ptx": ()}
    return {"reached": reached, "cubins": cubins, "ptx": ptx, "kernels": int(held), **here}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ([unit("9.0", held=False), unit("8.0")], "none"),
        ([unit("8.0", held=False), unit("9.0")], "native"),
        ([unit("8.0", held=False)], "none"),
        ([unit("8.0"), unit("8.0", ptx=("8.0",), reached="device-link")], "jit"),
        ([], "none"),
    ],
    ids=["another-unit-does-not-help", "its-own-unit-does", "in-no-image", "a-device-link-does", "nothing"],
)
def test_the_kernel_of_a_program_is_judged_by_its_own_unit(
    kept: ModuleType, facts: list[dict[str, object]], verdict: str
) -> None:
    assert kept.verdict(facts, "9.0").value == verdict
