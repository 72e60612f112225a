"""Shared objects inside wheels, and wheels that are broken or hostile."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.elf import wheels
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.wheels import read_wheel

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path, binaries: Path) -> Pack:
    """Makes a wheel that holds two small shared objects and a file that is none."""

    def packed(compression: int = zipfile.ZIP_DEFLATED) -> Path:
        path = tmp_path / "p-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name in ("plain", "nvfp4"):
                archive.write(binaries / f"{name}.so", f"p/{name}.abi3.so")
            archive.writestr("p/__init__.py", "")
        return path

    return packed


def readings(path: Path) -> list[BinaryReading]:
    return list(read_wheel(path, kernels=True))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_wheel_gives_what_its_unpacked_files_give(pack: Pack, binaries: Path, compression: int) -> None:
    path = pack(compression)
    found = readings(path)
    names = [f"{path}!p/nvfp4.abi3.so", f"{path}!p/plain.abi3.so"]
    assert [reading.name for reading in found] == names
    assert [reading.binary for reading in found] == [
        read_binary(binaries / f"{name}.so", names[number], kernels=True).binary
        for number, name in enumerate(("nvfp4", "plain"))
    ]


def test_a_wheel_without_shared_objects_has_no_readings(tmp_path: Path) -> None:
    path = tmp_path / "pure.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p.py", "")
    assert readings(path) == []


def only_reason(path: Path) -> str:
    (reading,) = readings(path)
    assert reading.binary is None
    return reading.not_seen[0].reason


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(10)], ids=["empty", "text", "cut-directory"])
def test_what_is_no_wheel_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(content)
    assert only_reason(path).startswith(f"{path} is not a wheel that can be opened: ")


def test_a_missing_wheel_is_said(tmp_path: Path) -> None:
    assert "No such file" in only_reason(tmp_path / "missing.whl")


def damage(path: Path, signature: bytes, offset: int, layout: str, value: int) -> Path:
    """Overwrites a field after each occurrence of a signature."""
    data = bytearray(path.read_bytes())
    position = data.find(signature)
    while position >= 0:
        struct.pack_into(layout, data, position + offset, value)
        position = data.find(signature, position + 4)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("offset", "layout", "value", "reason"),
    [
        (8, "<H", 1, "is encrypted; give the unencrypted wheel"),
        (24, "<I", 0xFFFFFFF0, "unpack to 4294967280, as only zip bombs do"),
        (24, "<I", 100, "cannot be unpacked ("),
        (24, "<I", 1 << 16, "unpacks to "),
        (10, "<H", 99, "cannot be unpacked ("),
    ],
    ids=["encrypted", "zip-bomb", "smaller-than-true", "larger-than-true", "unknown-compression"],
)
def test_a_member_that_lies_is_refused(pack: Pack, offset: int, layout: str, value: int, reason: str) -> None:
    """PKWARE APPNOTE 4.3.12: the fields of a central directory header."""
    for reading in readings(damage(pack(), b"PK\x01\x02", offset, layout, value)):
        assert reading.binary is None
        assert reason in reading.not_seen[0].reason


def test_a_member_with_damaged_data_is_refused(pack: Pack) -> None:
    path = pack()
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)
    reasons = [reading.not_seen[0].reason for reading in readings(path) if reading.binary is None]
    assert len(reasons) == 1
    assert "cannot be unpacked" in reasons[0]


def test_no_more_is_unpacked_than_the_budget_of_a_wheel(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "MOST_BYTES_TOGETHER", 15_000)
    states = [reading.binary is None for reading in readings(pack())]
    assert states == [False, True]


def test_one_member_is_read_alone(pack: Pack) -> None:
    path = pack()
    (reading,) = read_wheel(path, kernels=True, only="p/plain.abi3.so")
    assert reading.name == f"{path}!p/plain.abi3.so"
    assert reading.binary is not None


def test_a_member_that_is_not_there_is_said(pack: Pack) -> None:
    path = pack()
    (reading,) = read_wheel(path, kernels=True, only="p/other.so")
    assert reading.binary is None
    assert f"{path} holds no p/other.so" in reading.not_seen[0].reason
