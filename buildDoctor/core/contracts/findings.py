"""What of a contract is not fulfilled, as findings."""

from __future__ import annotations

from buildDoctor.core.contracts.contract import Answer, Cell, Checked, State
from buildDoctor.core.findings import Confidence, Finding, Fix, Item, Safety, Severity, by_hand

BROKEN = "requirement-broken"
"""The rule of the finding about a requirement that is not fulfilled."""
UNCLEAR = "requirement-cannot-tell"
"""The rule of the finding about a requirement for which not all files could be read."""
FAMILY = "contract"


def broken(checked: Checked) -> tuple[Finding, ...]:
    """A finding for each requirement and capability that is not fulfilled."""
    return tuple(
        _finding(answer, cell)
        for answer in checked.requirements
        for cell in answer.cells
        if cell.state is not State.FULFILLED
    )


def _finding(answer: Answer, cell: Cell) -> Finding:
    unclear = cell.state is State.CANNOT_TELL
    counts = (
        f"{cell.serving} of {answer.kernels} kernels serve it so, {answer.at_least} needed; the best is {cell.best.value}"
        if answer.kernels
        else "no kernel has such a name"
    )
    where = ", ".join(answer.searched[:3]) + (", …" if len(answer.searched) > 3 else "") or "no file"
    return Finding(
        rule=UNCLEAR if unclear else BROKEN,
        title=f"{answer.kernel} does not serve {cell.capability} as the contract requires ({answer.mode})",
        severity=Severity.ERROR,
        confidence=Confidence.POSSIBLE if unclear else Confidence.CERTAIN,
        family=FAMILY,
        why=f"{answer.place} requires it. Of what was read, {counts}."
        + (" Some files could not be read wholly." if unclear else ""),
        limits="The pattern may have been written for kernels that are called otherwise today.",
        subject=f"require={answer.kernel}, file={answer.file}, capability={cell.capability}",
        evidence=(
            Item(path="require", value=f"{answer.kernel} on {cell.capability}: {answer.mode}", source=answer.place),
            Item(path="binaries", value=counts, source=where),
        ),
        fixes=(
            Fix(
                title=f"Build the kernels for {cell.capability}, or change {answer.place}",
                safety=Safety.DISPLAY,
                text="build-doctor on the source tree says which step of the build leaves them out.",
                verify="build-doctor check path/to/the/rebuilt.whl",
                trial=by_hand("it is a change of the build, or of the contract"),
            ),
        ),
    )
