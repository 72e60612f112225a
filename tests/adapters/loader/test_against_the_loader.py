"""The search, held against the machine's own loader on our own small programs, which are traced and never run."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.loader.cache import read_cache
from buildDoctor.adapters.loader.machine import read_machine
from buildDoctor.adapters.loader.process import Process
from buildDoctor.adapters.loader.tree import Tree

pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc" or not shutil.which("ldd"),
    reason="the programs are for x86-64 and glibc",
)
_LINE = re.compile(r"\s*(?P<name>\S+) => (?P<path>/\S+|not found)")

CASES: dict[str, tuple[str, dict[str, str], str]] = {
    "nothing leads to it": ("main-plain", {"libs/liba.so.1": "liba.so.1"}, ""),
    "the program's RPATH counts for what its libraries need": (
        "main-rpath", {"libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1"}, "",
    ),
    "the program's RUNPATH does not": (
        "main-runpath", {"libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1"}, "",
    ),
    "RPATH comes before the variable": (
        "main-rpath",
        {"libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1", "other/liba.so.1": "liba.so.1", "other/libb.so.1": "libb.so.1"},
        "other",
    ),
    "the variable comes before RUNPATH": (
        "main-runpath",
        {"libs/liba.so.1": "liba.so.1", "other/liba.so.1": "liba.so.1", "other/libb.so.1": "libb.so.1"},
        "other",
    ),
    "a library's RUNPATH hides the RPATH of the program": (
        "main-rpath",
        {"libs/liba.so.1": "liba-runpath.so.1", "libs/libb.so.1": "libb.so.1", "libs/deep/libb.so.1": "libb.so.1"},
        "",
    ),
    "a library's RUNPATH is all that it has": (
        "main-rpath", {"libs/liba.so.1": "liba-runpath.so.1", "libs/libb.so.1": "libb.so.1"}, "",
    ),
    "a library's own RPATH comes before that of the program": (
        "main-rpath",
        {"libs/liba.so.1": "liba-rpath.so.1", "libs/libb.so.1": "libb.so.1", "libs/deep/libb.so.1": "libb.so.1"},
        "",
    ),
    "the folder of libraries by its token": (
        "main-lib", {"lib/x86_64-linux-gnu/liba.so.1": "liba.so.1", "lib64/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1"}, "",
    ),
    "several folders in the variable, parted by a semicolon too": (
        "main-plain", {"one/libb.so.1": "libb.so.1", "two/liba.so.1": "liba.so.1"}, "one;two",
    ),
    "a folder of the processor's own comes first": (
        "main-rpath",
        {"libs/glibc-hwcaps/x86-64-v2/liba.so.1": "liba.so.1", "libs/liba.so.1": "liba.so.1", "libs/libb.so.1": "libb.so.1"},
        "",
    ),
}  # fmt: skip


def of_the_loader(program: Path, variable: str) -> dict[str, str]:
    """What the machine's loader says that it would take."""
    ended = subprocess.run(
        ["ldd", program], capture_output=True, text=True, check=False, timeout=60, env={"LD_LIBRARY_PATH": variable, "PATH": "/usr/bin:/bin"}
    )  # fmt: skip
    found = (_LINE.match(line) for line in ended.stdout.splitlines())
    return {one["name"]: str(Path(one["path"]).absolute()) if one["path"][0] == "/" else "" for one in found if one}


def of_ours(program: Path, variable: str) -> dict[str, str]:
    """What we say, with the paths as they are written."""
    tree = Tree()
    process = Process(tree, read_machine(tree, 62), tuple(part for part in re.split("[:;]", variable) if part))
    _, asked = process.open(str(program), program=True)
    return {one.name: one.found.path if one.found else "" for one in asked if not one.name.startswith("ld-linux")}


@pytest.mark.parametrize("case", CASES)
def test_a_program_gets_the_libraries_that_the_loader_gives_it(case: str, trees: Any, tmp_path: Path) -> None:
    program, files, folders = CASES[case]
    trees.put(tmp_path, {"main": program, **files})
    variable = ";".join(str(tmp_path / folder) for folder in folders.split(";") if folder)

    ours, real = of_ours(tmp_path / "main", variable), of_the_loader(tmp_path / "main", variable)

    assert real, "the loader has said nothing"
    assert ours == real


@pytest.mark.parametrize("name", ["libstdc++.so.6", "libz.so.1", "libm.so.6", "libssl.so.3", "libgcc_s.so.1"])
def test_a_system_library_gets_what_the_loader_gives_it(name: str) -> None:
    files = read_cache(Path("/etc/ld.so.cache").read_bytes(), 62) if Path("/etc/ld.so.cache").is_file() else ""
    if isinstance(files, str) or not files.named(name):
        pytest.skip(f"{name} is not on this machine")
    path = Path(files.named(name)[0])
    real = of_the_loader(path, "")

    ours = of_ours(path, "")

    assert {one: Path(at).resolve() for one, at in ours.items()} == {
        one: Path(at).resolve() for one, at in real.items()
    }


@pytest.mark.skipif(not (shutil.which("ldconfig", path="/sbin:/usr/sbin:/usr/bin") and Path("/etc/ld.so.cache").is_file()), reason="no cache")  # fmt: skip
def test_the_cache_holds_what_ldconfig_reads_in_it() -> None:
    ldconfig = shutil.which("ldconfig", path="/sbin:/usr/sbin:/usr/bin") or ""
    said = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=True, timeout=60).stdout
    lines = re.findall(r"^\t(\S+) \(libc6,x86-64\) => (\S+)$", said, re.MULTILINE)
    wanted: dict[str, list[str]] = {}
    for name, path in lines:
        wanted.setdefault(name, []).append(path)

    cache = read_cache(Path("/etc/ld.so.cache").read_bytes(), 62)

    assert not isinstance(cache, str)
    assert {name: list(paths) for name, paths in cache.paths.items()} == wanted
