"""Started programs are bounded also when nobody is left to stop them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from buildDoctor.adapters.commands import Completed, run

ASKS = "import resource, time; time.sleep(0.3); print(*(resource.getrlimit(what)[0] for what in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)))"


def test_program_is_stopped_by_the_system_when_build_doctor_is_killed(tmp_path: Path) -> None:
    """Its processor time is bounded, whatever becomes of the process that watches it."""
    ended = run([sys.executable, "-c", ASKS], folder=tmp_path, seconds=10, file_bytes=4096)
    assert isinstance(ended, Completed)
    processor_seconds, file_bytes = map(int, ended.output.split())
    assert 10 < processor_seconds <= 10 * (os.cpu_count() or 1) + 1
    assert file_bytes == 4096
