"""Bytes made by hand, and the small shared objects of tests/adapters/binaries."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BINARIES = Path(__file__).parent.parent / "binaries"
OracleLister = Callable[[Path], list[str]]


def entry(
    image: bytes = b"\x7fELF\0\0\0\0", /, *, kind: int = 2, architecture: int = 90, flags: int = 0x11, **fields: int
) -> bytes:
    """The bytes of one image; the keyword arguments overwrite fields of its header."""
    values = {"header": 64, "payload": len(image), "compressed": 0, "options": 0, "unpacked": 0} | fields
    header = struct.pack(
        "<HHIQIIHHIIIQQQ",
        *(kind, 0x0101, values["header"], values["payload"], values["compressed"], values["options"]),
        *(fields.get("minor", 7), fields.get("major", 1), architecture, 0, 0, flags, 0, values["unpacked"]),
    )
    return header + image


def container(*entries: bytes, magic: int = 0xBA55ED50, header: int = 16, size: int | None = None) -> bytes:
    """The bytes of one container; the keyword arguments overwrite fields of its header."""
    body = b"".join(entries)
    return struct.pack("<IHHQ", magic, 1, header, len(body) if size is None else size) + body


@pytest.fixture
def make_entry() -> Callable[..., bytes]:
    """Makes the bytes of an image."""
    return entry


@pytest.fixture
def make_container() -> Callable[..., bytes]:
    """Makes the bytes of a container."""
    return container


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the small shared objects."""
    return BINARIES


@pytest.fixture(scope="session")
def cuobjdump() -> str:
    """NVIDIA's cuobjdump, from PATH or from its package; skips the test when there is none."""
    packaged = Path(sysconfig.get_path("purelib")).glob("nvidia/*/bin/cuobjdump")
    found = shutil.which("cuobjdump") or next((str(path) for path in packaged), None)
    if found is None:
        pytest.skip("cuobjdump is not installed; it is in the extra `test`")
    return found


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """What cuobjdump says, in the words of the evidence: the module beside this one, which is not on the import path."""
    spec = importlib.util.spec_from_file_location("oracle", Path(__file__).with_name("oracle.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
