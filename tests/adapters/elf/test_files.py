"""Static libraries, conda packages, and that each file is read as what it is."""

from __future__ import annotations

import bz2
import io
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import cramjam
import pytest

from buildDoctor.adapters.elf import conda
from buildDoctor.adapters.elf.archives import Member, members
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.files import read_file
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.window import Window


def read(path: Path) -> list[BinaryReading]:
    return list(read_file(path, kernels=re.compile(".")))


def names(path: Path) -> list[str]:
    return [reading.name.removeprefix(str(path)) for reading in read(path)]


def reasons(path: Path) -> list[str]:
    return [note.reason for reading in read(path) if reading.binary is None for note in reading.not_seen]


def test_a_static_library_is_read_member_by_member(binaries: Path) -> None:
    path = binaries / "library.a"
    assert names(path) == ["!a_scale_with_a_long_name.o", "!first.o", "!second.o"]
    found = [reading.binary for reading in read(path)]
    units = [[(unit.section, unit.cubins, unit.ptx) for unit in binary.units or ()] for binary in found if binary]
    assert units == [
        [(".nv_fatbin", ("8.0", "12.0"), ())],
        [("__nv_relfatbin", ("8.0",), ("8.0",))],
        [("__nv_relfatbin", ("8.0",), ("8.0",))],
    ]


def test_a_static_library_without_device_code_is_one_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.a"
    path.write_bytes(b"!<arch>\n" + b"%-16s%-32s%-10d`\n" % (b"a.txt/", b"0", 5) + b"text\n\n")
    (reading,) = read(path)
    assert reading.binary is not None
    assert (reading.binary.format, reading.binary.images) == ("archive", ())


def test_names_as_bsd_writes_them() -> None:
    data = b"!<arch>\n" + b"%-16s%-32s%-10d`\n" % (b"#1/8", b"0", 12) + b"long.o\0\0code"
    assert list(members(Window(data))) == [Member("long.o", 76, 4)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"!<thin>\n", "is a thin archive, whose object files lie elsewhere; give those"),
        (b"!<arch>\n" + b"x" * 60, "is damaged at byte 0x8"),
        (b"!<arch>\n" + b"%-16s%-32s%-10d`\n" % (b"a.o/", b"0", 999), "is damaged at byte 0x8"),
        (b"!<arch>\n" + b"%-16s%-32s%-10s`\n" % (b"a.o/", b"0", b"-1"), "is damaged at byte 0x8"),
    ],
    ids=["thin", "no-header", "member-beyond-the-end", "negative-size"],
)
def test_a_damaged_static_library_says_so(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.a"
    path.write_bytes(data)
    assert reasons(path)[-1].startswith(f"{path} {reason}")


def packed(files: dict[str, bytes]) -> bytes:
    """A tar of some files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def as_conda(path: Path, tar: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("info-p-1-0.tar.zst", bytes(cramjam.zstd.compress(packed({}))))
        archive.writestr("pkg-p-1-0.tar.zst", bytes(cramjam.zstd.compress(tar)))
    return path


def as_old_conda(path: Path, tar: bytes) -> Path:
    path.write_bytes(bz2.compress(tar))
    return path


packages = pytest.mark.parametrize(
    ("pack", "name"), [(as_conda, "p-1-0.conda"), (as_old_conda, "p-1-0.tar.bz2")], ids=["conda", "tar.bz2"]
)
Pack = Callable[[Path, bytes], Path]


@packages
def test_a_conda_package_gives_what_its_files_give(tmp_path: Path, binaries: Path, pack: Pack, name: str) -> None:
    files = {f"lib/{each}.so": (binaries / f"{each}.so").read_bytes() for each in ("plain", "several")}
    long_name = {f"lib/{'x' * 300}.so.1": (binaries / "ptx.so").read_bytes()}
    path = pack(tmp_path / name, packed(files | {"lib/readme.txt": b"text" * 100_000} | long_name))
    readings = read(path)
    assert [reading.name for reading in readings] == [f"{path}!{each}" for each in (*files, *long_name)]
    for reading, data in zip(readings, (files | long_name).values(), strict=True):
        assert reading.binary == read_binary(Window(data), reading.name, kernels=re.compile(".")).binary


@packages
def test_a_conda_package_that_is_cut_off_keeps_what_came_before(
    tmp_path: Path, binaries: Path, pack: Pack, name: str
) -> None:
    tar = packed({"lib/plain.so": (binaries / "plain.so").read_bytes(), "lib/b.so": bytes(range(256)) * 4000})
    path = pack(tmp_path / name, tar[: len(tar) // 2])
    first, last = read(path)
    assert first.binary is not None
    assert "cannot be read to its end" in last.not_seen[0].reason


@packages
def test_a_conda_package_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack, name: str
) -> None:
    monkeypatch.setattr(conda, "SMALLEST_BUDGET", 1 << 20)
    path = pack(tmp_path / name, packed({"lib/data": bytes(1 << 26)}))
    assert "it unpacks to more than packages do" in reasons(path)[0]


def test_a_header_of_a_tar_that_is_larger_than_any_is_refused(tmp_path: Path) -> None:
    """A name of 64 MiB, which tarfile would take into memory."""
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 1 << 26
    path = as_conda(tmp_path / "x.conda", member.tobuf() + b"x" * (1 << 26))
    assert "a header in it is larger than any real one" in reasons(path)[0]


def test_damage_in_a_conda_package_is_said(tmp_path: Path, binaries: Path) -> None:
    path = as_conda(tmp_path / "x.conda", packed({"lib/plain.so": (binaries / "plain.so").read_bytes()}))
    data = bytearray(path.read_bytes())
    start = data.find(b"\x28\xb5\x2f\xfd", data.find(b"pkg-"))
    data[start + 6 : start + 40] = b"\xff" * 34
    path.write_bytes(data)
    assert reasons(path)


def test_damage_between_two_members_is_said_too(tmp_path: Path, binaries: Path) -> None:
    """A tar may end where a member ends; what did not unpack is told by the frame."""
    data = (binaries / "plain.so").read_bytes()
    whole = packed({"lib/a.so": data, "lib/b.so": data})
    path = tmp_path / "x.conda"
    with zipfile.ZipFile(path, "w") as archive:
        first = bytes(cramjam.zstd.compress(whole[: 512 + -(-len(data) // 512) * 512]))
        archive.writestr("pkg-p-1-0.tar.zst", first + b"no second frame")
    assert names(path) == ["!lib/a.so", ""]
    assert reasons(path)


def test_a_wheel_and_a_shared_object_are_told_by_their_contents(tmp_path: Path, binaries: Path) -> None:
    wheel = tmp_path / "p.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(binaries / "plain.so", "p/x.pyd")
    assert names(wheel) == ["!p/x.pyd"]
    assert names(Path(shutil.copy(binaries / "plain.so", tmp_path / "renamed"))) == [""]


@pytest.mark.parametrize("name", ["missing.so", "."])
def test_what_is_no_file_is_said(tmp_path: Path, name: str) -> None:
    assert len(reasons(tmp_path / name)) == 1
