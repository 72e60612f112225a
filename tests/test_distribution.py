"""What is built and shipped: complete, small, and installable without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from buildDoctor import __version__

ROOT = Path(__file__).parents[1]
LARGEST = 1_200_000
"""Bytes of the wheel without the binary of the demo; it had 1,044,000 when this was written."""


def _run(*words: str | Path, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables}
    ended = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is built from it."""
    place = tmp_path_factory.mktemp("dist")
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    _run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", place, ROOT)
    with tarfile.open(next(place.glob("*.tar.gz"))) as archive:
        archive.extractall(place / "source", filter="data")
    _run(
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        place,
        next((place / "source").iterdir()),
    )
    return place


@pytest.fixture
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_is_small(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        binary = archive.getinfo("buildDoctor/demo/_C.abi3.so").compress_size

    assert wheel.stat().st_size - binary < LARGEST


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    data = f"build_doctor-{__version__}.data/data/share"

    assert {
        "buildDoctor/py.typed", "buildDoctor/faces/reports/report-v1.schema.json", "buildDoctor/adapters/healthy.json",
        "buildDoctor/rules/plan/supported-suffix-consumes-target.toml", "buildDoctor/demo/CMakeLists.txt",
        f"{data}/man/man1/build-doctor.1", f"{data}/bash-completion/completions/build-doctor",
        f"{data}/zsh/site-functions/_build-doctor", f"{data}/fish/vendor_completions.d/build-doctor.fish",
    } <= names  # fmt: skip
    assert {name.partition("/")[0] for name in names} == {
        "buildDoctor", f"build_doctor-{__version__}.data", f"build_doctor-{__version__}.dist-info",
    }  # fmt: skip
    assert not [name for name in names if name.endswith((".pyc", ".orig", ".log")) or "__pycache__" in name]
    sources = {f"buildDoctor/{path.relative_to(ROOT / 'buildDoctor')}" for path in (ROOT / "buildDoctor").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == sources


def test_the_version_has_one_place(wheel: Path, built: Path) -> None:
    assert wheel.name == f"build_doctor-{__version__}-py3-none-any.whl"
    assert (built / f"build_doctor-{__version__}.tar.gz").is_file()
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.corpus
@pytest.mark.parametrize("way", ["pip", "uv tool", "pipx"])
def test_it_installs_without_a_network(way: str, wheel: Path, tmp_path: Path) -> None:
    """From the wheel and its dependencies in one folder, with nothing else to ask."""
    wheels = tmp_path / "wheels"
    _run(sys.executable, "-m", "pip", "download", "--quiet", "--dest", wheels, wheel)
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull, "UV_OFFLINE": "1"}
    home = {
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
    }
    if way == "pip":
        _run(sys.executable, "-m", "venv", tmp_path / "venv")
        _run(tmp_path / "venv" / "bin" / "pip", "install", "--quiet", wheel, **offline)
        program = tmp_path / "venv" / "bin" / "build-doctor"
    elif way == "uv tool":
        uv = shutil.which("uv") or pytest.skip("uv is not installed")
        where = {
            "UV_TOOL_DIR": str(tmp_path / "tools"),
            "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
            "UV_CACHE_DIR": str(tmp_path / "cache"),
        }
        _run(
            uv,
            "tool",
            "install",
            "--no-index",
            "--find-links",
            wheels,
            "--python",
            sys.executable,
            wheel,
            **offline,
            **where,
        )
        program = tmp_path / "bin" / "build-doctor"
    else:
        pipx = shutil.which("pipx") or pytest.skip("pipx is not installed")
        # pipx brings its own environment up to date first.
        _run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels, "pip")
        # A pipx that finds uv lets it install.
        uv_as_well = {"UV_FIND_LINKS": str(wheels), "UV_NO_INDEX": "1", "UV_CACHE_DIR": str(tmp_path / "cache")}
        _run(pipx, "install", "--python", sys.executable, wheel, **offline, **home, **uv_as_well)
        program = tmp_path / "bin" / "build-doctor"

    assert _run(program, "--version", PATH="/usr/bin:/bin") == f"build-doctor {__version__}\n"
    assert '"rule": "supported-suffix-consumes-target"' in _run(
        program, "demo", "--json", "--fail-on", "never", PATH="/usr/bin:/bin"
    )
