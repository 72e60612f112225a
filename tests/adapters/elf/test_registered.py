"""Which kernels the host side registers. What a GPU makes of it: `tests/core/test_real_runs.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildDoctor.adapters.elf import registered
from buildDoctor.adapters.elf.binary import map_file, read_binary
from buildDoctor.adapters.elf.objects import ElfObject, read_object
from buildDoctor.adapters.elf.registered import unregistered
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.device.matrix import kernel_matrix

EVERYWHERE, NEWER = "_Z10everywhereILi1EEvPf", "_Z10newer_onlyILi2EEvPf"


def kernels_of(path: Path) -> dict[str | None, bool | None]:
    binary = read_binary(path, kernels=re.compile(".")).binary
    assert binary is not None
    return {kernel.name: kernel.registered for kernel in binary.kernels or ()}


def elf_of(path: Path) -> ElfObject:
    window = map_file(path, path.name)
    assert isinstance(window, Window)
    elf = read_object(window, path.name)
    assert isinstance(elf, ElfObject)
    return elf


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("guarded.so", {EVERYWHERE: True, NEWER: True}),
        ("unregistered.so", {EVERYWHERE: True, NEWER: False}),
        ("rdc.so", {"_Z5scalePff": True}),
        ("rdc-unlinked.so", {"_Z5scalePff": None}),
        ("embedded.so", {}),
        ("scale-90a.cubin", {"_Z5scalePff": None}),
    ],
    ids=[
        "the-architecture-named-last-has-all",
        "the-architecture-named-last-lacks-one",
        "after-a-device-link",
        "before-the-device-link",
        "nothing-is-loaded",
        "no-host-side",
    ],
)
def test_the_architecture_that_nvcc_was_told_last_decides(
    binaries: Path, name: str, found: dict[str, bool | None]
) -> None:
    assert kernels_of(binaries / name) == found


def test_a_kernel_that_is_not_registered_runs_nowhere(binaries: Path) -> None:
    binary = read_binary(binaries / "unregistered.so", kernels=re.compile(".")).binary
    assert binary is not None
    assert {row.name: [str(one) for one in row.verdicts] for row in kernel_matrix(binary, ("8.0", "12.0"))} == {
        EVERYWHERE: ["native", "native"],
        NEWER: ["none", "none"],
    }


def test_a_name_behind_other_constants_counts(binaries: Path) -> None:
    """As in libtorch_cuda.so, where numbers stand right before some of the texts."""
    elf = elf_of(binaries / "guarded.so")
    assert unregistered(elf, {EVERYWHERE[3:], "_Z4gonev", NEWER}) == {"_Z4gonev"}
    assert unregistered(elf, {EVERYWHERE[:-1]}) == {EVERYWHERE[:-1]}


@pytest.mark.parametrize("piece", [1, 16, 4096])
def test_where_constants_are_cut_into_pieces_does_not_matter(
    binaries: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    elf = elf_of(binaries / "unregistered.so")
    monkeypatch.setattr(registered, "PIECE", piece)
    assert unregistered(elf, {EVERYWHERE, NEWER, "_Z4gonev"}) == {NEWER, "_Z4gonev"}


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_TEXTS", "MOST_SEARCHED"])
def test_beyond_a_limit_nothing_is_said(binaries: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    elf = elf_of(binaries / "unregistered.so")
    monkeypatch.setattr(registered, limit, 0)
    assert unregistered(elf, {EVERYWHERE, NEWER}) is None


def test_without_a_wrapper_for_the_runtime_nothing_is_said(binaries: Path) -> None:
    assert unregistered(elf_of(binaries / "no-device-code.so"), {NEWER}) is None
