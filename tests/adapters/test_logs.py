"""How much of a log is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters import logs


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four pieces of sixteen bytes."""
    monkeypatch.setattr(logs, "_PIECE", 16)
    monkeypatch.setattr(logs, "MOST_BYTES", 64)


@pytest.mark.parametrize(("size", "gaps"), [(64, 0), (65, 1)], ids=["all of it is read", "a byte is left"])
def test_what_is_left_of_a_log_is_said(tmp_path: Path, size: int, gaps: int) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(b"x" * size)
    log, missing = logs.open_log(str(path), ())
    assert log.size_bytes == 64
    assert [gap.reason for gap in missing] == [f"only the first 64 bytes of {path} were read"] * gaps


def test_log_that_never_ends_is_left() -> None:
    log, missing = logs.open_log("/dev/zero", ())
    assert log.size_bytes == 64
    assert missing
