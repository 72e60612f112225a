"""Wheels from the registry, each with the GPUs that it is made for: no error and no warning.

What is said of the wheels of vLLM, and why each of it is true, stands in `test_real_wheels.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from buildDoctor.core.findings import Severity
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

pytestmark = pytest.mark.corpus

# Each is made for all of these: by `cuobjdump --list-elf`, and PTX of none of them is needed.
CAPABILITIES = ("7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "12.0")
WHEELS = {
    "torchvision": ("0.23.0", "cp311-cp311-manylinux_2_28_x86_64"),
    "torchaudio": ("2.8.0", "cp311-cp311-manylinux_2_28_x86_64"),
    "bitsandbytes": ("0.50.2", "x86_64"),
}


@pytest.mark.parametrize("project", WHEELS)
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_good_wheel_raises_no_alarm(corpus: Any, project: str, capability: str) -> None:
    wheel = str(corpus.wheel(project, *WHEELS[project]))

    found = examine(Options(targets=(wheel,), gpu=capability, static=True, isolated=True)).findings

    loud = [finding for finding in found if finding.severity is not Severity.NOTE]
    about = ("wheel", "binaries", "torch", "plan", "log", "model")
    # What is wrong with the machine that runs the test is no alarm about the wheel.
    assert [f.title for f in loud if any(item.path.startswith(about) for item in f.evidence)] == []
