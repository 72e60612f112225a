"""Replays the plan with a change in a thread, and says what came of it."""

from __future__ import annotations

import time

from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from buildDoctor.core.fixes.plan_changes import Changes, WhatIf
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.services import Services


class Replayed(Message):
    """The plan was replayed with a change."""

    def __init__(self, changes: Changes, result: WhatIf, seconds: float) -> None:
        super().__init__()
        self.changes = changes
        self.result = result
        self.seconds = seconds


def replay(widget: Widget, services: Services, report: Report, changes: Changes) -> None:
    """Replay in a thread; what an earlier one still finds is not told."""

    def run() -> None:
        worker, begun = get_current_worker(), time.monotonic()
        try:
            result = services.what_if(report, changes) if services.what_if else WhatIf(why="it cannot be tried here")
        except Exception as error:  # noqa: BLE001 - a thread's exception reaches nobody; the screen shows it
            result = WhatIf(why=f"{type(error).__name__}: {error}")
        if not worker.is_cancelled:
            widget.post_message(Replayed(changes, result, time.monotonic() - begun))

    widget.run_worker(run, thread=True, exclusive=True, group="what-if", exit_on_error=False, description="replay")
