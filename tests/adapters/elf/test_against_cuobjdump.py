"""The same images, kernels and resources as NVIDIA's own tool finds, in small shared objects and in real ones.

Every difference that is known is explained here, and none is left out of the comparison.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.core.evidence import Binary

SMALL = (
    "plain",
    "suffixes",
    "ptx",
    "compress-size",
    "compress-balance",
    "compress-speed",
    "compress-none",
    "rdc",
    "rdc-unlinked",
    "host-only",
    "guarded",
    "nvfp4",
    "resources",
    "several",
)
REAL = {
    "vllm-0.8.5": ("vllm", "0.8.5", "x86_64"),
    "vllm-0.10.0": ("vllm", "0.10.0", "x86_64"),
    "vllm-0.11.0": ("vllm", "0.11.0", "x86_64"),
    "vllm-0.33.0": ("vllm", "0.33.0", "x86_64"),
    "torchvision": ("torchvision", "0.23.0", "cp311-cp311-*x86_64"),
    "torchaudio": ("torchaudio", "2.8.0", "cp311-cp311-*x86_64"),
    "bitsandbytes": ("bitsandbytes", "0.47.0", "x86_64"),
    "curand": ("nvidia_curand_cu12", "10.3.9.90", "x86_64"),
    "nvjpeg": ("nvidia_nvjpeg_cu12", "12.4.0.76", "x86_64"),
    "torchao": ("torchao", "0.13.0", "cp39-abi3-*x86_64"),
    "vllm-0.33.0-aarch64": ("vllm", "0.33.0", "aarch64"),
    "bitsandbytes-aarch64": ("bitsandbytes", "0.47.0", "aarch64"),
    "nvjpeg-aarch64": ("nvidia_nvjpeg_cu12", "12.4.0.76", "aarch64"),
    "ctranslate2": ("ctranslate2", "4.6.0", "cp311-cp311-*x86_64"),
}
WINDOWS = {
    "nvjpeg": ("nvidia_nvjpeg_cu12", "12.4.0.76", "win_amd64"),
    "bitsandbytes": ("bitsandbytes", "0.47.0", "win_amd64"),
}
REFUSED = ("cuda120", "cuda121", "cuda122")
"""bitsandbytes for CUDA 12.0 to 12.2, whose ptxas wrote 5 instead of 3 into `sh_link` of sections that belong to a
symbol table, for sm_90. cuobjdump 13 says `Invalid ELF` and stops, so that all later images are missing too."""


def read(path: Path) -> Binary:
    reading = read_binary(path, kernels=re.compile("."), resources=True)
    assert reading.binary is not None
    return reading.binary


def compare(oracle: ModuleType, cuobjdump: str, path: Path, binary: Binary) -> None:
    """Images, kernels and resources; an empty difference on both sides."""
    ours = oracle.our_usages(binary)
    assert oracle.our_images(binary) == oracle.images(cuobjdump, path)
    assert ours == oracle.usages(cuobjdump, path)
    names = Counter((usage.architecture, usage.name) for usage in ours.elements())
    assert names == oracle.kernels(cuobjdump, path)


@pytest.mark.parametrize("name", SMALL)
def test_a_small_shared_object_holds_what_cuobjdump_finds(
    oracle: ModuleType, cuobjdump: str, binaries: Path, name: str
) -> None:
    path = binaries / f"{name}.so"
    compare(oracle, cuobjdump, path, read(path))


@pytest.mark.parametrize("name", ["packed-lz4", "packed-lz4-frame", "packed-zstd"])
def test_a_fatbin_holds_what_cuobjdump_finds(oracle: ModuleType, cuobjdump: str, binaries: Path, name: str) -> None:
    path = binaries / f"{name}.fatbin"
    compare(oracle, cuobjdump, path, read(path))


def test_a_concatenated_entry_has_the_members_that_cuobjdump_finds(
    oracle: ModuleType, cuobjdump: str, binaries: Path
) -> None:
    """It lists the entry too, and its members as not compressed, because they share the compression of the entry."""
    path = binaries / "concatenated.fatbin"
    binary = read(path)
    theirs = Counter((kind, architecture) for kind, architecture, _packed in oracle.images(cuobjdump, path).elements())
    (entry,) = (key for key in theirs if key[0] == "concatenated entry")
    del theirs[entry]
    assert Counter((image.kind, image.architecture) for image in binary.images or ()) == theirs
    assert oracle.our_usages(binary) == oracle.usages(cuobjdump, path)


def test_cuobjdump_stops_at_ptx_that_is_packed_with_zlib(oracle: ModuleType, cuobjdump: str, binaries: Path) -> None:
    """An option that fatbinary does not document makes it write such images. No driver compiles them either."""
    path = binaries / "packed-zlib.fatbin"
    with pytest.raises(oracle.RefusalError, match="Uncompress failed"):
        oracle.kernels(cuobjdump, path)
    names = {kernel.name: (kernel.cubins, kernel.ptx) for kernel in read(path).kernels or ()}
    assert names == {"_Z5scalePff": (("8.0",), ())}


def test_the_suffix_of_a_family_is_kept_where_cuobjdump_lists_cubins_without_it(
    oracle: ModuleType, cuobjdump: str, binaries: Path
) -> None:
    """`--list-elf` names files by the cubin, which has no mark for a family; the header of its fatbin has one."""
    path = binaries / "suffixes.so"
    listed = "".join(oracle.lines(cuobjdump, "--list-elf", str(path)))
    assert re.findall(r"sm_(\w+)\.cubin", listed) == ["90a", "100", "120a"]
    assert [image.architecture for image in read(path).images or ()] == ["9.0a", "10.0f", "12.0a"]


def test_relocatable_images_are_those_that_cuobjdump_lists_when_it_is_told_to(
    oracle: ModuleType, cuobjdump: str, binaries: Path
) -> None:
    """Without `-all` it leaves out `__nv_relfatbin` where there is `.nv_fatbin` too."""
    path = binaries / "rdc.so"
    listed = "".join(oracle.lines(cuobjdump, "-lelf", "-lptx", "-all", str(path)))
    binary = read(path)
    images = [image for section in binary.other_sections or () for image in section.images or ()]
    ours = [f"{image.architecture}".replace(".", "") for image in (*(binary.images or ()), *images)]
    assert sorted(re.findall(r"sm_(\w+)\.(?:cubin|ptx)", listed)) == sorted(ours)


@pytest.mark.corpus
@pytest.mark.parametrize("name", REAL)
def test_a_real_wheel_holds_what_cuobjdump_finds(corpus: Any, oracle: ModuleType, cuobjdump: str, name: str) -> None:
    compared = 0
    for path in corpus.shared_objects(corpus.wheel(*REAL[name])):
        binary = read(path)
        if not binary.images:
            with pytest.raises(oracle.RefusalError, match="does not contain device code"):
                oracle.images(cuobjdump, path)
        elif not any(part in path.name for part in REFUSED):
            compare(oracle, cuobjdump, path, binary)
            compared += 1
    assert compared > 0


@pytest.mark.corpus
@pytest.mark.parametrize("part", REFUSED)
def test_what_cuobjdump_refuses_is_equal_once_the_link_is_repaired(
    corpus: Any, oracle: ModuleType, cuobjdump: str, tmp_path: Path, part: str
) -> None:
    paths = corpus.shared_objects(corpus.wheel(*REAL["bitsandbytes"]))
    (path,) = (path for path in paths if part in path.name)
    with pytest.raises(oracle.RefusalError, match="Invalid ELF"):
        oracle.images(cuobjdump, path)
    binary = read(path)
    repaired = tmp_path / path.name
    repaired.write_bytes(with_repaired_links(path.read_bytes(), binary))
    compare(oracle, cuobjdump, repaired, binary)


def with_repaired_links(data: bytes, binary: Binary) -> bytes:
    """The file with `sh_link` of every section that says 5 set to 3, the symbol table, in each unpacked cubin."""
    mended = bytearray(data)
    for image in binary.images or ():
        if image.kind != "cubin" or image.offset is None or image.compressed != "no":
            continue
        start = image.offset + struct.unpack_from("<I", data, image.offset + 4)[0]
        table = start + struct.unpack_from("<Q", data, start + 0x28)[0]
        for number in range(struct.unpack_from("<H", data, start + 0x3C)[0]):
            place = table + 64 * number + 0x28
            if struct.unpack_from("<I", data, place)[0] == 5:
                struct.pack_into("<I", mended, place, 3)
    return bytes(mended)


@pytest.mark.corpus
@pytest.mark.parametrize("name", WINDOWS)
def test_a_windows_library_holds_what_cuobjdump_finds_in_its_fatbins(
    corpus: Any, oracle: ModuleType, cuobjdump: str, tmp_path: Path, name: str
) -> None:
    """Cuobjdump for Linux says that such files have no device code. Their fatbins, each as a file of its own, it reads."""
    compared = 0
    for path in corpus.shared_objects(corpus.wheel(*WINDOWS[name])):
        binary = read(path)
        with pytest.raises(oracle.RefusalError, match="does not contain device code"):
            oracle.images(cuobjdump, path)
        if not binary.images or any(part in path.name for part in REFUSED):
            continue
        images: Counter[tuple[str, str, bool]] = Counter()
        usages: Counter[Any] = Counter()
        for part in fatbins_of(path.read_bytes(), binary, tmp_path):
            images += oracle.images(cuobjdump, part)
            usages += oracle.usages(cuobjdump, part)
        assert oracle.our_images(binary) == images
        assert oracle.our_usages(binary) == usages
        compared += 1
    assert compared > 0


def fatbins_of(data: bytes, binary: Binary, folder: Path) -> list[Path]:
    """Each fatbin of a file that holds an image, as a file of its own."""
    firsts: dict[int, int] = {}
    for image in binary.images or ():
        firsts.setdefault(image.unit or 0, (image.offset or 0) - 16)
    written: list[Path] = []
    for unit, start in firsts.items():
        size = 16 + struct.unpack_from("<Q", data, start + 8)[0]
        written.append(folder / f"{unit}.fatbin")
        written[-1].write_bytes(data[start : start + size])
    return written
