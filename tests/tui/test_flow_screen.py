from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


@pytest.fixture
def flow(drive: Drive, demo: Report, services: Services, shown: Shown) -> Callable[..., Any]:
    """What is shown, copied and focused after keys on the flow."""

    def press(*keys: str, size: tuple[int, int] = (80, 24)) -> tuple[str, str, str]:
        driver = drive(demo, size, services)
        return driver.press("2", *keys, look=lambda app: (shown(app), app.clipboard, type(app.focused).__name__))

    return press


def test_first_loss_is_chosen_and_said(flow: Callable[..., Any]) -> None:
    """The lost row stands first, at the layer that loses it."""
    text, _, _ = flow()

    assert "✗ NVFP4 on 12.0 is lost at the layer feature list." in text
    assert "▸ ✗ feature list       nothing   (the first loss)" in text
    assert text.index("12.0 NVFP4") < text.index("12.0 plain sources")


def test_layer_is_explained_with_its_source(flow: Callable[..., Any]) -> None:
    """Left chooses the layer before; enter reads where it stands, with the lines of the script."""
    text, _, focused = flow("left", "enter", size=(120, 50))

    assert focused == "Page"
    assert "The layer supported" in text
    assert "It says what the project's list of supported architectures leaves of the request: 12.0a." in text

    text, _, _ = flow("enter", size=(120, 50))

    assert 'match_architectures(FP4_ARCHS "12.0a;12.1a" "${CUDA_ARCHS}")' in text
    assert "cmake/architectures.cmake:29  list(REMOVE_ITEM OPEN 12.0)" in text


def test_row_is_copied_and_filtered(flow: Callable[..., Any]) -> None:
    """`y` copies the whole way of a kernel; the filter keeps what has all words."""
    _, copied, _ = flow("y")

    assert copied.startswith("NVFP4 on 12.0 is lost at the layer feature list (GPU: 12.0; toolkit: CUDA 12.9;")

    text, copied, _ = flow("slash", *"sm120", "enter", "y")

    assert copied.startswith("scaled_mm_sm120 on 12.0 arrives")
    assert "12.0 NVFP4" not in text
