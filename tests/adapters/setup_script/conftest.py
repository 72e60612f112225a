"""Small source trees with a setup.py, and the two ways to learn what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.setup_script.plan import SetupReading, read_setup_plan
from buildDoctor.adapters.setup_script.question import SetupQuestion
from buildDoctor.adapters.setup_script.runner import Recorded, run_setup

QUESTION = SetupQuestion(cuda="12.8", arch_list="9.0", torch="2.8.0+cu128", capabilities=("9.0",))
HEAD = """\
import os
import sys
import torch
from packaging.version import parse, Version
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension, CUDA_HOME
"""
TAIL = """
setup(name="small", ext_modules=ext_modules, cmdclass={"build_ext": BuildExtension})
"""

MakeTree = Callable[..., Path]
Read = Callable[..., SetupReading]
Record = Callable[..., Recorded]


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """Makes a tree from what its setup.py does between its imports and its call of setup, and from further files."""

    def make(body: str, /, *, whole: bool = False, **files: str) -> Path:
        tree = tmp_path / "tree"
        script = body if whole else f"{HEAD}{body}{TAIL}"
        for name, text in {"setup.py": script, **files}.items():
            path = tree / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tree

    return make


@pytest.fixture
def read() -> Read:
    """Reads the plan of a tree."""

    def ask(tree: Path, **question: Any) -> SetupReading:
        return read_setup_plan(tree, replace(QUESTION, **question), ("9.0",))

    return ask


@pytest.fixture
def record() -> Record:
    """Runs the setup.py of a tree; skips the test where the system cannot confine it."""

    def run(tree: Path, seconds: float = 20, **question: Any) -> Recorded:
        done = run_setup(tree, replace(QUESTION, **question), seconds)
        if isinstance(done, Failed) and "cannot confine" in done.reason:
            pytest.skip(done.reason)
        assert isinstance(done, Recorded), done
        return done

    return run
