"""Drivers and versions of PTX by the CUDA that they belong to."""

from __future__ import annotations

import pytest

from buildDoctor.core.device.drivers import cuda_of_driver, cuda_of_ptx


@pytest.mark.parametrize(
    ("driver", "cuda"),
    [
        ("580.159.04", "13.0"),
        ("550.54.14", "12.4"),
        ("535.183.01", "12.2"),
        ("590.44.01", "13.1"),
        ("610.1", None),
        ("", None),
    ],
)
def test_the_cuda_of_a_driver(driver: str, cuda: str | None) -> None:
    """By its branch, as the release notes of the toolkit list them; a later branch is not guessed."""
    assert cuda_of_driver(driver) == cuda


@pytest.mark.parametrize(
    ("ptx", "cuda"),
    [
        ("7.8", "11.8"), ("8.0", "12.0"), ("8.4", "12.4"), ("8.5", "12.5"), ("8.6", "12.7"), ("8.7", "12.8"),
        ("8.8", "12.9"), ("9.0", "13.0"), ("9.5", "13.5"), ("6.5", None), ("10.0", None), ("x", None),
    ],
)  # fmt: skip
def test_the_cuda_of_a_ptx_version(ptx: str, cuda: str | None) -> None:
    """NVIDIA's table of PTX releases."""
    assert cuda_of_ptx(ptx) == cuda
