"""What the examination and the screens tell the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from buildDoctor.core.findings import Finding, Fix
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.state import Step
from buildDoctor.faces.wording.places import Place

if TYPE_CHECKING:
    from buildDoctor.core.evidence import Evidence
    from buildDoctor.faces.wording.export import Table


class ExaminationStep(Message):
    """The examination has come to its next step."""

    def __init__(self, step: Step, evidence: Evidence | None = None) -> None:
        super().__init__()
        self.step = step
        self.evidence = evidence
        """What was seen before it, when it tells."""


class ReportReady(Message):
    """The examination is done."""

    def __init__(self, report: Report, seconds: float) -> None:
        super().__init__()
        self.report = report
        """What it says."""
        self.seconds = seconds
        """How long it took."""


class ExaminationFailed(Message):
    """The examination broke."""

    def __init__(self, reason: str, *, request_wrong: bool = False) -> None:
        super().__init__()
        self.reason = reason
        """What went wrong, in one sentence."""
        self.request_wrong = request_wrong
        """Whether what was asked for was wrong, rather than the examination."""


class CopyWanted(Message):
    """A text is to be copied."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
        """What it is, for the message that it was copied."""


class ExportWanted(Message):
    """What is listed is to be written to a file."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table


class SaveWanted(Message):
    """A text is to be written to a file that the user names."""

    def __init__(self, text: str, what: str, name: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
        """What it is, in words."""
        self.name = name
        """The file name that is proposed."""


class OpenWanted(Message):
    """A line of a file is to be opened in the user's editor."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class ApplyWanted(Message):
    """A fix is to be put into the user's source tree, after the user has agreed."""

    def __init__(self, finding: Finding, fix: Fix) -> None:
        super().__init__()
        self.finding = finding
        self.fix = fix


class FindingWanted(Message):
    """A rule's first finding is to be shown."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule
