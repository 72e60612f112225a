"""The reports made by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def canned() -> Any:
    """The module of reports, which is not on the import path."""
    spec = importlib.util.spec_from_file_location("canned", Path(__file__).with_name("canned.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["canned"] = module
    spec.loader.exec_module(module)
    return module
