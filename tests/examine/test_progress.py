"""An examination tells its steps, and what it has seen before each."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters import demo_case
from buildDoctor.core.evidence import Evidence
from buildDoctor.examine.options import Options
from buildDoctor.examine.progress import Told
from buildDoctor.examine.run import examine


def test_each_step_tells_what_was_seen_before_it() -> None:
    told: list[tuple[str, Evidence]] = []

    def step(text: str) -> None:
        if isinstance(text, Told) and text.evidence is not None:
            told.append((str(text), text.evidence))

    options = Options(
        targets=(str(demo_case.BINARY),), source=str(demo_case.FOLDER), gpu="12.0", cuda="12.9", static=True
    )
    report = examine(options, step)
    assert told[0][0] == "looking at the machine"
    assert told[0][1].binaries is None
    before_the_plan = next(evidence for text, evidence in told if text.startswith("replaying"))
    assert [Path(binary.path or "").name for binary in before_the_plan.binaries or ()] == [demo_case.BINARY.name]
    assert before_the_plan.plan is None
    assert told[-1][0] == "judging"
    assert told[-1][1] is report.evidence
