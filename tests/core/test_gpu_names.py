"""The capability of a GPU from its name."""

from __future__ import annotations

import pytest

from buildDoctor.core.device.gpu_names import capability_of_name

KNOWN = {
    "NVIDIA GeForce RTX 5090": "12.0", "NVIDIA RTX PRO 6000 Blackwell Workstation Edition": "12.0", "NVIDIA GB10": "12.1",
    "NVIDIA B300 SXM6 AC": "10.3", "NVIDIA GB300": "10.3", "NVIDIA B200": "10.0", "NVIDIA GB200": "10.0",
    "NVIDIA H100 80GB HBM3": "9.0", "NVIDIA H200": "9.0", "NVIDIA GH200 480GB": "9.0", "NVIDIA H20": "9.0",
    "NVIDIA GeForce RTX 4090": "8.9", "NVIDIA L4": "8.9", "NVIDIA L40S": "8.9", "NVIDIA RTX 6000 Ada Generation": "8.9",
    "NVIDIA A100-SXM4-80GB": "8.0", "NVIDIA A10G": "8.6", "NVIDIA A10": "8.6", "NVIDIA RTX A6000": "8.6",
    "NVIDIA GeForce RTX 3080": "8.6", "NVIDIA A40": "8.6", "NVIDIA A30": "8.0", "Tesla T4": "7.5", "Tesla V100-SXM2-32GB": "7.0",
    "NVIDIA TITAN V": "7.0", "Quadro RTX 8000": "7.5", "NVIDIA GeForce GTX 1080 Ti": "6.1", "Tesla P100-PCIE-16GB": "6.0",
    "Tesla P40": "6.1", "Orin (nvgpu)": "8.7", "NVIDIA Thor": "11.0", "NVIDIA GeForce GTX 1660 Ti": "7.5",
}  # fmt: skip


@pytest.mark.parametrize(("name", "capability"), KNOWN.items(), ids=list(KNOWN))
def test_a_known_name_has_its_capability(name: str, capability: str) -> None:
    """As NVIDIA's page of compute capabilities lists them."""
    assert capability_of_name(name) == capability


@pytest.mark.parametrize("name", ["", "NVIDIA B3000", "Radeon RX 7900", "NVIDIA GeForce RTX 2050 X", "A1000X"])
def test_another_name_is_not_guessed(name: str) -> None:
    assert capability_of_name(name) is None
