"""What the tests of the loader share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


def _trees() -> Any:
    name = "loader_trees"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("trees.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def trees() -> Any:
    """Lays artefacts into folders."""
    return _trees()
