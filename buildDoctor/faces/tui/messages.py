"""What the examination tells the app."""

from __future__ import annotations

from textual.message import Message

from buildDoctor.core.findings import Report


class ExaminationStep(Message):
    """The examination has come to its next step."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """What is being looked at."""

    def can_replace(self, message: Message) -> bool:
        """A slow terminal shows the newest step only."""
        return isinstance(message, ExaminationStep)


class ReportReady(Message):
    """The examination is done."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report
        """What it says."""


class ExaminationFailed(Message):
    """The examination broke."""

    def __init__(self, reason: str, *, request_wrong: bool = False) -> None:
        super().__init__()
        self.reason = reason
        """What went wrong, in one sentence."""
        self.request_wrong = request_wrong
        """Whether what was asked for was wrong, rather than the examination."""
