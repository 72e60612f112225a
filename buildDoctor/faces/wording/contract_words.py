"""The words for what files give for a contract."""

from __future__ import annotations

from buildDoctor.core.contracts.contract import Answer, Cell, State
from buildDoctor.core.device.architectures import Verdict
from buildDoctor.faces.wording.plain import counted, visible

_MODES = {
    "native": "as native machine code",
    "family": "as machine code",
    "jit": "as machine code or PTX",
}
_BEST = {
    Verdict.NATIVE: "native machine code",
    Verdict.FAMILY: "machine code of its family",
    Verdict.JIT: "PTX, which the driver compiles",
    Verdict.NOT_PROMISED: "code that may run, which NVIDIA does not promise",
    Verdict.NONE: "nothing that runs",
}
SIGNS = {State.FULFILLED: "✓", State.BROKEN: "✗", State.CANNOT_TELL: "?"}
"""A sign for each state, so that colour is never the only one."""


def cell_words(answer: Answer, cell: Cell) -> str:
    """What is given for one requirement and capability, in one sentence without its end."""
    kernel = visible(answer.kernel)
    if not answer.searched:
        return f"no file matches {visible(answer.file)}"
    doubt = "; some files could not be read wholly" if cell.state is State.CANNOT_TELL else ""
    if not answer.kernels:
        return f"no kernel matches {kernel} in {counted(len(answer.searched), 'file')}{doubt}"
    serving = f"{cell.serving} of {counted(answer.kernels, 'kernel')} that match {kernel} serve {cell.capability}"
    return f"{serving} {_MODES[answer.mode]}, {answer.at_least} needed; the best for it is {_BEST[cell.best]}{doubt}"
