"""The pictures show the screens as they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine_demo

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "screenshots"


def _take() -> Any:
    spec = importlib.util.spec_from_file_location("take", FOLDER / "take.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TAKE = _take()


@pytest.fixture(scope="module")
def report() -> Report:
    """The report of the bundled case."""
    return examine_demo(Options())


@pytest.mark.parametrize(
    ("name", "size"), TAKE.names(), ids=lambda part: part if isinstance(part, str) else f"{part[0]}"
)
def test_picture_is_current(report: Report, name: str, size: tuple[int, int]) -> None:
    """A picture that is stale is made anew by `python screenshots/take.py`."""
    kept = (FOLDER / TAKE.file_name(name, size)).read_text(encoding="utf-8")

    assert TAKE.picture(report, name, size) == kept, "run: python screenshots/take.py"


def test_pictures_name_no_place_of_this_machine() -> None:
    """They can be made on any machine."""
    for picture in FOLDER.glob("*.svg"):
        assert str(ROOT) not in picture.read_text(encoding="utf-8")


def test_every_picture_is_taken() -> None:
    """No file is left over from a picture that is not taken any more."""
    assert {path.name for path in FOLDER.glob("*.svg")} == {TAKE.file_name(*one) for one in TAKE.names()}
