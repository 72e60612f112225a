"""Runs the examination in a thread that tells the app what it does, and ends when nobody waits any more."""

from __future__ import annotations

import time
from typing import TypeVar

from textual.app import App
from textual.worker import Worker, get_current_worker

from buildDoctor.core.errors import RequestError
from buildDoctor.examine.progress import Told
from buildDoctor.faces.tui.heap import keep_for_good
from buildDoctor.faces.tui.messages import ExaminationFailed, ExaminationStep, ReportReady
from buildDoctor.faces.tui.services import Examine
from buildDoctor.faces.tui.state import Step

Answer = TypeVar("Answer")


class _StoppedError(Exception):
    """The examination was stopped, or the app was left while it ran."""


def start(app: App[Answer], examine: Examine) -> Worker[None]:
    """Run the examination; its steps, its report or why it failed come as messages."""
    return app.run_worker(
        lambda: _examine(app, examine),
        thread=True,
        exclusive=True,
        group="examine",
        exit_on_error=False,
        description="examine the targets",
    )


def _examine(app: App[Answer], examine: Examine) -> None:
    worker, begun = get_current_worker(), time.monotonic()

    def step(text: str) -> None:
        # Raising inside the examination is the only way to end its thread. Where the app was left before its first frame,
        # the thread may begin when all workers have been cancelled already.
        if worker.is_cancelled or not app.is_running:
            raise _StoppedError
        told = text if isinstance(text, Told) else Told.of(text)
        now = Step(text, time.monotonic() - begun, told.done, told.total)
        app.post_message(ExaminationStep(now, told.evidence))

    try:
        report = examine(step)
        keep_for_good()
        if not worker.is_cancelled:
            app.post_message(ReportReady(report, time.monotonic() - begun))
    except _StoppedError:
        pass
    except RequestError as error:
        app.post_message(ExaminationFailed(str(error), request_wrong=True))
    except Exception as error:  # noqa: BLE001 - a thread's exception reaches nobody; the screen shows it
        app.post_message(ExaminationFailed(f"{type(error).__name__}: {error}"))
