"""The pages of what build-doctor says about the settings and the contract; these notices are no rules and have no file."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from buildDoctor.core.contracts.findings import BROKEN, UNCLEAR
from buildDoctor.core.findings import Severity
from buildDoctor.core.reporting.suppressions import EXPIRED, UNUSED


class NoticePage(Struct, frozen=True, kw_only=True):
    """What a notice means."""

    severity: Severity
    about: str = "the settings"
    """What of the project it speaks of."""
    title: str
    why: str
    todo: str


NOTICE_PAGES: Mapping[str, NoticePage] = {
    EXPIRED: NoticePage(
        severity=Severity.WARNING,
        title="A suppression in the settings is past its last day",
        why="The suppression was given until a day that is over. The findings that it left out are shown again, so that "
        "a reason that was good for a while does not hide a fault for ever.",
        todo="Mend the cause, or look at the reason again and give it a new date (`until`).",
    ),
    UNUSED: NoticePage(
        severity=Severity.NOTE,
        title="A suppression in the settings leaves out nothing",
        why="No finding fits it: the cause is gone, or the subject is called something else. It would hide a finding "
        "that comes later. Where its rule cannot tell, nothing is said.",
        todo="Take it out, or correct its `subject`. A suppression that is meant for another target looks unused here.",
    ),
    BROKEN: NoticePage(
        severity=Severity.ERROR,
        about="the contract",
        title="A requirement of the contract is not fulfilled",
        why="Fewer kernels than required serve the GPU in the way that the requirement asks for, or no kernel has such a "
        "name: a requirement counts kernels by their mangled names, each by the image that the driver takes.",
        todo="Build the kernels for that GPU: build-doctor with the source tree says which step leaves them out. Where "
        "the kernels are called otherwise today, change the pattern; build-doctor inspect --kernels '*' lists the names.",
    ),
    UNCLEAR: NoticePage(
        severity=Severity.ERROR,
        about="the contract",
        title="It cannot be told whether a requirement of the contract is fulfilled",
        why="Not enough kernels were found, and some files could not be read wholly: what they hold may be what lacks. "
        "What cannot be told is not given.",
        todo="Look at what was not seen: the report names each file with the reason.",
    ),
}
"""By the name that the finding has in place of a rule's id."""
