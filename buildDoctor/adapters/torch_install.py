"""The torch of an environment, from its files only: it is never imported.

The architectures are those that `torch.cuda.get_arch_list()` gives. The text behind that function, such as
`sm_90 sm_100 compute_120`, is a constant of libtorch_python.so; libtorch_cuda.so has the nvcc flags that it comes from.
"""

from __future__ import annotations

import ast
import mmap
import re
import zipfile
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.evidence import NotSeen, Origin, Torch

ARCHITECTURE_LIST = re.compile(rb"(?:sm|compute)_\d{2,3}[af]?(?: (?:sm|compute)_\d{2,3}[af]?){0,63}\0")
"""The text behind `torch.cuda.get_arch_list()`. What stands before it is another constant, not always a NUL."""
COMPILER_FLAGS = re.compile(rb"(?:-gencode;arch=compute_\w{2,4},code=(?:sm|compute)_\w{2,4};?){1,64}\0")
"""The text behind the line `NVCC architecture flags` of `torch.__config__.show()`."""
FLAG_CODE = re.compile(rb"code=((?:sm|compute)_\w+)")
LONGEST_VERSION_FILE = 1 << 16
MOST_SECTIONS = 1 << 12
LARGEST_UNPACKED = 1 << 28
"""A library of a wheel with more bytes than this is not unpacked; libtorch_python.so has 28 MB."""
VERSION_FILE = "torch/version.py"
LIBRARIES = ("torch/lib/libtorch_python.so", "torch/lib/libtorch_cuda.so")

Storage = bytes | mmap.mmap
Finding = tuple[Torch | None, tuple[NotSeen, ...], tuple[Origin, ...]]


class Statement(Struct, frozen=True):
    """An assignment in torch/version.py."""

    value: str | None
    line: int


def find_torch(place: Path) -> Finding:
    """The torch of an environment, what of it was not seen and why, and where the values come from.

    A torch that was built without CUDA has no architectures. Never raises for the state of the files.

    Args:
        place: A site-packages folder, the folder of the package torch, or a wheel of torch.
    """
    name = _name(place, VERSION_FILE)
    text = _read(place, VERSION_FILE, LONGEST_VERSION_FILE)
    if text is None:
        return _absent(f"{name} is not there; give the site-packages folder or the wheel that holds torch")
    statements = version_statements(text)
    version, cuda = statements.get("__version__"), statements.get("cuda")
    if version is None or cuda is None:
        return _absent(f"{name} does not state a version and a CUDA; install torch again")
    architectures, source = ((), None) if cuda.value is None else _architectures(place)
    torch = Torch(version=version.value, cuda=cuda.value, architectures=architectures, path=_name(place, "torch"))
    origins = [
        Origin(path="torch.version", source=f"{name}, line {version.line}"),
        Origin(path="torch.cuda", source=f"{name}, line {cuda.line}"),
    ]
    if architectures is None:
        reason = f"no library of {torch.path} holds the list of its architectures; install torch again"
        return torch, (NotSeen(path="torch.architectures", reason=reason),), tuple(origins)
    origins.append(Origin(path="torch.architectures", source=source or origins[-1].source))
    return torch, (), tuple(origins)


def version_statements(text: bytes) -> dict[str, Statement]:
    """The texts and `None` that torch/version.py assigns, by name; parsed, never executed."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, Statement] = {}
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            value = node.value.value
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if value is None or isinstance(value, str):
                found |= {name.id: Statement(value, node.lineno) for name in targets if isinstance(name, ast.Name)}
    return found


def listed_architectures(data: Storage, start: int, end: int) -> tuple[tuple[str, ...], int] | None:
    """The architectures that a library of torch names, and where the text stands; none when it names none.

    Args:
        data: The library.
        start: Where to look from, in bytes.
        end: Where to stop.
    """
    flags = COMPILER_FLAGS.search(data, start, end)
    if flags:
        return tuple(dict.fromkeys(code.decode() for code in FLAG_CODE.findall(flags[0]))), flags.start()
    lists = ARCHITECTURE_LIST.finditer(data, start, end)
    longest = max(lists, key=lambda match: len(match[0]), default=None)
    return longest and (tuple(longest[0].rstrip(b"\0").decode().split()), longest.start())


def _architectures(place: Path) -> tuple[tuple[str, ...] | None, str | None]:
    """The architectures of a torch and where they come from; none and none when no library names them."""
    for library in LIBRARIES:
        data = _map(place, library)
        if data is None:
            continue
        start, end = read_only_data(data)
        found = listed_architectures(data, start, end)
        if found:
            return found[0], f"{_name(place, library)}, .rodata at {found[1]:#x}"
    return None, None


def read_only_data(data: Storage) -> tuple[int, int]:
    """Where the section .rodata of a 64-bit ELF file starts and ends; nothing to look at when there is none."""
    from elftools.elf.elffile import ELFFile  # noqa: PLC0415  a torch without CUDA does not pay for the import

    try:
        elf = ELFFile(BytesIO(data[:64]))
        width, first = elf.header.e_shentsize, elf.header.e_shoff
        table = data[first : first + min(elf.header.e_shnum, MOST_SECTIONS) * width]
        headers = [elf.structs.Elf_Shdr.parse(table[at : at + width]) for at in range(0, len(table), width or 1)]
        names = headers[elf.header.e_shstrndx].sh_offset
        for header in headers:
            if data[names + header.sh_name : names + header.sh_name + 8] == b".rodata\0":
                return header.sh_offset, header.sh_offset + header.sh_size
    except Exception:  # noqa: BLE001  pyelftools raises unrelated types on damaged files
        return 0, 0
    return 0, 0


def _absent(reason: str) -> Finding:
    """No torch, for one reason."""
    return None, (NotSeen(path="torch", reason=reason),), ()


def _name(place: Path, inner: str) -> str:
    """What a file of torch is called, from its path within site-packages."""
    return f"{place}!{inner}" if place.is_file() else str(_folder(place) / inner)


def _folder(place: Path) -> Path:
    """The folder that holds the folder torch."""
    return place.parent if (place / "version.py").is_file() and place.name == "torch" else place


def _read(place: Path, inner: str, limit: int) -> bytes | None:
    """A file of torch, or none when it is not there, cannot be read, or has more bytes than the limit."""
    try:
        if not place.is_file():
            path = _folder(place) / inner
            # Reading a pipe would wait for its writer.
            return path.read_bytes() if path.is_file() and path.stat().st_size <= limit else None
        with zipfile.ZipFile(place) as archive:
            return archive.read(inner) if archive.getinfo(inner).file_size <= limit else None
    except Exception:  # noqa: BLE001  zipfile and the decompressors raise unrelated types on damaged input
        return None


def _map(place: Path, inner: str) -> Storage | None:
    """A library of torch: mapped into memory, or unpacked from a wheel unless it is large; none when not there."""
    if place.is_file():
        return _read(place, inner, LARGEST_UNPACKED)
    try:
        path = _folder(place) / inner
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
