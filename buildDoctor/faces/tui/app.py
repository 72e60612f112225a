"""The terminal UI: chooses screens, runs the examination, leaves by reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import App
from textual.binding import ActiveBinding, Binding, BindingType
from textual.worker import get_current_worker

from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Report
from buildDoctor.faces.tui.exit_reason import ExitReason, reason_for
from buildDoctor.faces.tui.messages import ExaminationFailed, ExaminationStep, ReportReady
from buildDoctor.faces.tui.screens.findings import FindingsScreen
from buildDoctor.faces.tui.screens.help import HelpScreen
from buildDoctor.faces.tui.state import Examining, Failed, State, state_of

Examine = Callable[[Callable[[str], None]], Report]
"""Takes a function that is told each step, and returns the report."""

_THEMES = ("textual-dark", "textual-light", "ansi-dark", "ansi-light")


class _LeftEarlyError(Exception):
    """The app was left while the examination ran."""


class BuildDoctor(App[ExitReason]):
    """Shows a report, or runs an examination and shows what it reports.

    Args:
        subject: a report, or the examination.
        fail_on: the lowest severity that makes leaving a failure: `error`, `warning`, or `never`.
    """

    CSS_PATH = "app.tcss"
    TITLE = "build-doctor"
    # The help screen searches and executes every key, so a second palette would only confuse.
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares an instance variable
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "next_theme", "theme", tooltip="Change the colours"),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Search and execute every key"),
        Binding("q", "leave", "quit", tooltip="Leave build-doctor"),
    ]

    def __init__(self, subject: Report | Examine, *, fail_on: str = "error") -> None:
        super().__init__()
        self._fail_on = fail_on
        self._examine = None if isinstance(subject, Report) else subject
        self._state: State = state_of(subject) if isinstance(subject, Report) else Examining()
        self._findings = FindingsScreen(self._state)

    def on_mount(self) -> None:
        """Open the first screen at once; the examination fills it."""
        self.push_screen(self._findings)
        if self._examine:
            self._run_examination(self._examine)

    @work(thread=True, exclusive=True, group="examine", exit_on_error=False, description="examine the targets")
    def _run_examination(self, examine: Examine) -> None:
        worker = get_current_worker()

        def step(text: str) -> None:
            # Raising inside the examination is the only way to end its thread when the app is left.
            if worker.is_cancelled:
                raise _LeftEarlyError
            self.post_message(ExaminationStep(text))

        try:
            self.post_message(ReportReady(examine(step)))
        except _LeftEarlyError:
            pass
        except RequestError as error:
            self.post_message(ExaminationFailed(str(error), request_wrong=True))
        except Exception as error:  # noqa: BLE001 - a thread's exception reaches nobody; the screen shows it
            self.post_message(ExaminationFailed(f"{type(error).__name__}: {error}"))

    def on_examination_step(self, message: ExaminationStep) -> None:
        """Show the step."""
        if isinstance(self._state, Examining):
            self._become(Examining(steps=(*self._state.steps, message.text)))

    def on_report_ready(self, message: ReportReady) -> None:
        """Show the report."""
        self._become(state_of(message.report))

    def on_examination_failed(self, message: ExaminationFailed) -> None:
        """Show the reason."""
        self._become(Failed(reason=message.reason, request_wrong=message.request_wrong))

    def _become(self, state: State) -> None:
        self._state = state
        self._findings.state = state

    def action_next_theme(self) -> None:
        """Take the next theme."""
        at = _THEMES.index(self.theme) if self.theme in _THEMES else -1
        self.theme = _THEMES[(at + 1) % len(_THEMES)]
        self.notify(f"Theme: {self.theme}", timeout=2, markup=False)

    def action_help(self) -> None:
        """Search the keys that work here, and execute the chosen one."""
        keys = tuple(
            (self.get_key_display(active.binding), active)
            for active in self.screen.active_bindings.values()
            if active.enabled and active.binding.show and active.binding.tooltip and active.binding.action != "help"
        )
        self.push_screen(HelpScreen(keys), self._execute)

    async def _execute(self, chosen: ActiveBinding | None) -> None:
        if chosen:
            await self.run_action(chosen.binding.action, chosen.node)

    def action_leave(self) -> None:
        """Leave, saying what was found."""
        self.exit(reason_for(self._state, self._fail_on))


def run(subject: Report | Examine, *, fail_on: str = "error") -> int:
    """Show the report, or run the examination and show its report; the program's exit code."""
    reason = BuildDoctor(subject, fail_on=fail_on).run()
    return ExitReason.NOT_EXAMINED if reason is None else reason
