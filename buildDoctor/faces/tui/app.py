"""The terminal UI: chooses screens, runs the examination, leaves by reason."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.worker import Worker

from buildDoctor.core.report import Report
from buildDoctor.faces.tui import examination
from buildDoctor.faces.tui.exit_reason import ExitReason, reason_for
from buildDoctor.faces.tui.keymap import Keymap, keys_file, read_keymap
from buildDoctor.faces.tui.messages import ExaminationFailed, ExaminationStep, ReportReady
from buildDoctor.faces.tui.moving import Moving
from buildDoctor.faces.tui.screens.tab_screen import titles_in
from buildDoctor.faces.tui.services import Examine, Services
from buildDoctor.faces.tui.state import Cancelled, Examining, Failed, State, Step, report_of, state_of

_SWITCH_SECONDS = 0.001
"""How long a thread keeps the interpreter from the screen. At Python's 5 ms, a key that meets three turns of the event
loop waits for 15 beside a thread that sorts."""


class BuildDoctor(Moving[ExitReason]):
    """Shows a report, or runs an examination and shows what it reports.

    Args:
        subject: a report, or the examination.
        fail_on: the lowest severity that makes leaving a failure: `error`, `warning`, or `never`.
        services: what can be asked of the outside.
        keys: the file of the user's own keys.
    """

    # The first screen's beside the app's: one that a screen brings along makes Textual parse all of them again.
    CSS_PATH: ClassVar[list[str]] = ["app.tcss", "screens/findings.tcss"]  # type: ignore[assignment]  # Textual declares no class variable
    TITLE = "build-doctor"
    # The help screen searches and executes every key, so a second palette would only confuse.
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares an instance variable
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "look_again", "again", tooltip="Look at everything again", id="again"),
        Binding("c", "cancel", "stop", tooltip="Stop the examination", id="stop"),
        Binding("t", "next_theme", "theme", tooltip="Change the colours", id="theme"),
        Binding("question_mark", "help", "help", key_display="?", tooltip="Search and execute every key", id="help"),
        Binding("q", "leave", "quit", tooltip="Leave build-doctor", id="quit"),
    ]

    def __init__(
        self,
        subject: Report | Examine,
        *,
        fail_on: str = "error",
        services: Services | None = None,
        keys: Path | None = None,
    ) -> None:
        self._state: State = state_of(subject) if isinstance(subject, Report) else Examining()
        super().__init__(self._state, services or Services())
        self._fail_on = fail_on
        self._keys = keys
        self._examine = None if isinstance(subject, Report) else subject
        self._worker: Worker[None] | None = None
        self._steps: tuple[Step, ...] = ()
        self._seconds = 0.0
        self._compare_with: tuple[Report, str] | None = None

    def on_mount(self) -> None:
        """Begin the examination behind the first frame, which it fills."""
        if self._keys:
            self._take_keys(read_keymap(self._keys))
        # Its thread would fight the first frame for the interpreter.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self._examine:
            self._worker = examination.start(self, self._examine)

    def _take_keys(self, keymap: Keymap) -> None:
        self.set_keymap(keymap.keys)
        if keymap.problem:
            self.notify(keymap.problem, timeout=10, severity="warning", markup=False)

    @property
    def report(self) -> Report | None:
        """The report, when there is one."""
        return report_of(self._state)

    def on_examination_step(self, message: ExaminationStep) -> None:
        """Show the step."""
        if isinstance(self._state, Examining):
            seen = self._state.evidence if message.evidence is None else message.evidence
            self._become(Examining(steps=(*self._state.steps, message.step), evidence=seen))

    def on_report_ready(self, message: ReportReady) -> None:
        """Show the report, and what has changed since the one before."""
        if isinstance(self._state, Examining):
            self._steps, self._seconds = self._state.steps, message.seconds
        elif isinstance(self._state, Cancelled):
            return
        self._become(state_of(message.report))
        if self._compare_with:
            from buildDoctor.faces.tui.changes import changes_since  # noqa: PLC0415  the first frame does without

            self.notify(changes_since(*self._compare_with, message.report), timeout=8, markup=False)

    def on_examination_failed(self, message: ExaminationFailed) -> None:
        """Show the reason."""
        self._become(Failed(reason=message.reason, request_wrong=message.request_wrong))

    def _become(self, state: State) -> None:
        self._state = state
        self.show_state(state)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what has an effect now."""
        running = isinstance(self._state, Examining)
        if action == "go":
            return parameters[0] in titles_in(self._state, self.current_mode)
        if action == "known":
            return self.report is not None and not isinstance(self.focused, Input)
        if action == "look_again":
            return self._examine is not None and not running
        return running if action == "cancel" else True

    def action_look_again(self) -> None:
        """Examine anew."""
        self.look_again()

    def look_again(self, because: str = "") -> None:
        """Examine anew, and say what has changed since."""
        if self._examine:
            self._compare_with = (self.report, because) if self.report else None
            self._become(Examining())
            self._worker = examination.start(self, self._examine)

    def action_cancel(self) -> None:
        """Stop the examination; its thread ends at its next step."""
        if self._worker and isinstance(self._state, Examining):
            self._worker.cancel()
            self._become(Cancelled(steps=self._state.steps))

    def action_known(self) -> None:
        """Show how each thing is known."""
        if self.report:
            from buildDoctor.faces.tui.screens.known import KnownScreen  # noqa: PLC0415  the first frame does without

            self.push_screen(KnownScreen(self.report, self._steps, self._seconds))

    def action_leave(self) -> None:
        """Leave, saying what was found."""
        self.exit(reason_for(self._state, self._fail_on))


def run(subject: Report | Examine, *, fail_on: str = "error", services: Services | None = None) -> int:
    """Show the report, or run the examination and show its report; the program's exit code."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    reason = BuildDoctor(subject, fail_on=fail_on, services=services, keys=keys_file()).run()
    return ExitReason.NOT_EXAMINED if reason is None else reason
