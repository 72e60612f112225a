"""What the libraries of an environment offer, held against the C library's own answer."""

from __future__ import annotations

import ctypes
import platform
import shutil
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.runtime import LIBSTDCXX, glibc_version, read_system

MACHINES = next(iter(Path("/usr/lib").glob(f"**/{LIBSTDCXX}")), None)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_the_c_library_is_the_one_that_is_loaded() -> None:
    library = ctypes.CDLL("libc.so.6")
    library.gnu_get_libc_version.restype = ctypes.c_char_p
    assert glibc_version() == library.gnu_get_libc_version().decode()


@pytest.mark.skipif(MACHINES is None, reason="no C++ library")
def test_the_library_of_the_environment_comes_before_that_of_the_machine(tmp_path: Path) -> None:
    """Conda keeps one of its own."""
    assert MACHINES is not None
    (tmp_path / "lib").mkdir()
    shutil.copy(MACHINES, tmp_path / "lib" / LIBSTDCXX)

    own, origins = read_system([tmp_path])
    machines, _ = read_system([tmp_path / "empty"])

    assert own.libstdcxx == str(tmp_path / "lib" / LIBSTDCXX)
    assert machines.libstdcxx != own.libstdcxx
    assert (own.glibcxx, own.cxxabi) == (machines.glibcxx, machines.cxxabi)
    assert [origin.path for origin in origins] == ["system", "system.glibcxx", "system.cxxabi"]


def test_a_library_that_is_none_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / LIBSTDCXX).write_text("no library", encoding="utf-8")
    system, _ = read_system([tmp_path])
    assert (system.glibcxx, system.cxxabi) == (None, None)
