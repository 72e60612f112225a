"""The real vLLM wheels: what is known of them by other means."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.core.evidence import Binary, EntryPoint

pytestmark = pytest.mark.corpus

EXTENSION = {
    "0.8.5": "vllm/_C.abi3.so",
    "0.11.0": "vllm/_C.abi3.so",
    "0.33.0": "vllm/_C_stable_libtorch.abi3.so",
}


def extension(corpus: Any, version: str) -> Path:
    path: Path = corpus.member(corpus.wheel("vllm", version), EXTENSION[version])
    return path


def read(path: Path, *, kernels: bool) -> Binary:
    reading = read_binary(path, kernels=kernels)
    assert reading.not_seen == ()
    assert reading.binary is not None
    return reading.binary


def counted(binary: Binary) -> Counter[str]:
    return Counter(f"{image.kind} {image.architecture}" for image in binary.images or ())


def entry_points(binary: Binary) -> dict[str | None, EntryPoint]:
    assert binary.host is not None
    return {entry_point.name: entry_point for entry_point in binary.host.entry_points or ()}


def test_the_images_of_0_11_0(corpus: Any) -> None:
    counts = counted(read(extension(corpus, "0.11.0"), kernels=False))
    pinned = {"cubin 10.0a": 12, "cubin 12.0a": 6, "cubin 9.0a": 19, "cubin 12.0": 28, "ptx 9.0": 14}
    assert {name: counts[name] for name in pinned} == pinned
    assert counts.total() == 302


def test_the_images_of_0_33_0(corpus: Any) -> None:
    counts = counted(read(extension(corpus, "0.33.0"), kernels=False))
    assert (counts["cubin 10.0f"], counts["cubin 12.0f"]) == (24, 35)


def test_0_33_0_has_no_extension_of_the_old_name(corpus: Any) -> None:
    names = [reading.name for reading in read_wheel(corpus.wheel("vllm", "0.33.0"), kernels=False)]
    assert [name for name in names if name.endswith("/_C.abi3.so")] == []
    assert len([name for name in names if name.endswith("!vllm/_C_stable_libtorch.abi3.so")]) == 1


def test_0_8_5_has_nothing_above_hopper_and_its_fp4_functions_are_stubs(corpus: Any) -> None:
    binary = read(extension(corpus, "0.8.5"), kernels=True)
    numbers = {float((image.architecture or "0").rstrip("af")) for image in binary.images or ()}
    assert max(numbers) == 9.0
    found = entry_points(binary)
    assert {entry_point.state for entry_point in found.values()} == {"entry-point"}
    assert found["scaled_fp4_quant"].stub == "No compiled nvfp4 quantization"
    assert (found["cutlass_scaled_fp4_mm"].stub or "").startswith("No compiled nvfp4 mm kernel, ")


@pytest.mark.parametrize(("version", "architectures"), [("0.11.0", ("10.0a", "12.0a")), ("0.33.0", ("10.0f", "12.0f"))])
def test_newer_wheels_have_kernels_behind_their_fp4_functions(
    corpus: Any, version: str, architectures: tuple[str, ...]
) -> None:
    found = entry_points(read(extension(corpus, version), kernels=True))
    for name in ("cutlass_scaled_fp4_mm", "scaled_fp4_quant"):
        assert (found[name].state, found[name].architectures) == ("kernel", architectures)
    assert found["cutlass_scaled_fp4_mm"].implementations == (
        "cutlass_scaled_fp4_mm_sm100a",
        "cutlass_scaled_fp4_mm_sm120a",
    )
    assert found["cutlass_scaled_mm_supports_fp4"].state == "entry-point"


@pytest.mark.parametrize("version", EXTENSION)
def test_the_cubins_are_those_of_cuobjdump(corpus: Any, cuobjdump: str, version: str) -> None:
    """`--list-elf` names files by the cubin, which has no mark for a family, so an `f` is compared as none."""
    path = extension(corpus, version)
    command = [cuobjdump, "--list-elf", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    theirs = Counter(re.findall(r"\.sm_(\d+a?)\.cubin", output))
    images = read(path, kernels=False).images or ()
    ours = Counter(
        (image.architecture or "").replace(".", "").removesuffix("f") for image in images if image.kind == "cubin"
    )
    assert ours == theirs


def test_a_wheel_gives_what_its_unpacked_file_gives(corpus: Any) -> None:
    unpacked = read(extension(corpus, "0.33.0"), kernels=True)
    readings = read_wheel(corpus.wheel("vllm", "0.33.0"), kernels=True)
    inside = next(reading.binary for reading in readings if reading.name.endswith("_C_stable_libtorch.abi3.so"))
    assert inside is not None
    assert (inside.images, inside.units, inside.kernels, inside.host) == (
        unpacked.images,
        unpacked.units,
        unpacked.kernels,
        unpacked.host,
    )
