"""The tool as a user starts it: standard output, standard error and exit code together."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    output: str
    errors: str


Run = Callable[..., Ended]


def environment(**more: str) -> dict[str, str]:
    """The variables of a machine without GPU, toolkit and active environment, and some more."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "LANG": "C.UTF-8", **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The current folder of the runs; empty."""
    here = tmp_path / "here"
    here.mkdir()
    return here


@pytest.fixture
def run(folder: Path) -> Run:
    """Starts build-doctor in a process of its own."""

    def start(*words: str | os.PathLike[str], variables: Mapping[str, str] | None = None, given: bytes = b"") -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "buildDoctor", *words],
            cwd=folder, env=environment(**(variables or {})), capture_output=True, timeout=60, input=given, check=False,
        )  # fmt: skip
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return start


@pytest.fixture(scope="session")
def demo() -> Path:
    """The bundled case: a source tree with a shared object beside its scripts."""
    return ROOT / "buildDoctor" / "demo"
