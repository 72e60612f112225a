"""Which source each fatbin is compiled from, in a file whose symbol table was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.unit_sources import _by_start
from buildDoctor.core.evidence import Binary

NAMED = Path(__file__).parents[1] / "binaries" / "named"


def read(name: str) -> Binary:
    """One of the files."""
    binary = read_binary(NAMED / name, name, kernels=True).binary
    assert binary is not None
    return binary


def test_each_unit_names_its_source() -> None:
    """The architectures are those that build.sh compiles each file for; two files have one name."""
    units = {(unit.source, unit.cubins, unit.ptx) for unit in read("named.so").units or () if unit.kernel_count}

    assert units == {
        ("kernels", ("8.0",), ()),
        ("kernels", ("9.0",), ("9.0",)),
        ("fp4_sm120.v2", ("9.0a", "12.0a"), ()),
    }


def test_a_source_without_device_code_is_among_those_of_the_file() -> None:
    assert sorted(read("named.so").sources or ()) == ["fp4_sm120.v2", "host", "kernels", "kernels"]


def test_a_stripped_file_names_none() -> None:
    binary = read("stripped.so")

    assert binary.sources == ()
    assert {unit.source for unit in binary.units or ()} == {""}


def test_a_file_that_says_more_fatbins_than_there_are_names_none() -> None:
    """A symbol table that lies is not believed."""
    assert _by_start([(0x100, "a"), (0x180, "b")], [0x40]) == {}
    assert _by_start([(0x100, "a"), (0x181, "b")], [0x40, 0xC0, 0x140]) == {}


def test_addresses_are_moved_by_one_number() -> None:
    assert _by_start([(0x1100, "b"), (0x1080, "a")], [0x40, 0xC0]) == {0x40: "a", 0xC0: "b"}
    assert _by_start([(0x1100, "b"), (0x1180, "c")], [0x40, 0xC0, 0x140]) == {0x40: "b", 0xC0: "c"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("version", "member", "units"),
    [
        ("0.11.0", "vllm/_C.abi3.so", 80),
        ("0.33.0", "vllm/_C_stable_libtorch.abi3.so", 118),
        ("0.33.0", "vllm/_flashmla_C.abi3.so", 53),
    ],
)
def test_every_unit_of_a_published_wheel_names_its_source(version: str, member: str, units: int, corpus: Any) -> None:
    """Kernels whose own names hold their file agree."""
    path = corpus.member(corpus.wheel("vllm", version), member)

    binary = read_binary(path, kernels=True).binary

    assert binary is not None
    assert len([unit for unit in binary.units or () if unit.source]) == len(binary.units or ()) == units
    by_name = {kernel.unit: kernel.source for kernel in binary.kernels or () if kernel.source}
    assert all(f"{(binary.units or ())[unit or 0].source}.cu" == source for unit, source in by_name.items())
