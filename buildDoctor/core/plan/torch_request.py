"""What torch's CMake makes of the architectures that a build is asked for.

torch hands TORCH_CUDA_ARCH_LIST, or the GPUs that it finds when that is not set, to its own copy of
`select_compute_arch.cmake`, and puts the flags that come back into CMAKE_CUDA_FLAGS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Step
from buildDoctor.core.plan.records import TraceRecord, elements
from buildDoctor.core.plan.target_records import Statements

_FLAG = re.compile(r"arch=compute_(?P<virtual>\w+),code=(?P<code>\w+)")
_PTX = "+PTX"
_UNKNOWN = re.compile(r"Unknown CUDA Architecture Name\s+(?:in \w+:\s*)?(?P<name>\S+)")
_LIST = "TORCH_CUDA_ARCH_LIST"


class TorchRequest(Struct, frozen=True, kw_only=True):
    """The flags, and how they came about."""

    flags: tuple[str, ...] = ()
    """As `Plan.gencode` has them."""
    request: tuple[str, ...] = ()
    """The same as a request: PTX joined with the cubin of its architecture."""
    rejected: tuple[str, ...] = ()
    """What torch's script does not know."""
    steps: tuple[Step, ...] = ()


def torch_request(records: Iterable[TraceRecord], statements: Statements, script: str) -> TorchRequest:
    """What torch made of the request in a run.

    Args:
        records: the executed commands in their order.
        statements: what they state; the replay notes what was given to torch, and what came back.
        script: torch's script, by the name that the records use; empty when it was not seen.
    """
    told = statements.noted.get("torch", ())
    if not told or len(told[0]) < 2:
        return TorchRequest()
    given, text = told[0][:2]
    flags = tuple(dict.fromkeys(_readable(*found) for found in _FLAG.findall(text)))
    own = [record for record in records if script and record.file == script]
    return TorchRequest(
        flags=flags,
        request=_as_request(flags),
        rejected=tuple(dict.fromkeys(name for record in own for name in _unknown_names(record))),
        steps=tuple(_steps(given, flags, own)),
    )


def _readable(virtual: str, code: str) -> str:
    """A flag as an architecture: `12.0`, `compute_120`, `12.1(2.0)`."""
    if code.startswith("compute_"):
        return code
    try:
        architecture, base = parse(code), parse(f"sm_{virtual}")
    except ArchitectureError:
        return code
    return architecture.dotted if architecture == base else f"{architecture.dotted}({base.dotted})"


def _as_request(flags: tuple[str, ...]) -> tuple[str, ...]:
    ptx = {parse(flag).dotted for flag in flags if _is_virtual(flag)}
    cubins = [flag for flag in flags if not flag.startswith("compute_")]
    # The code of a mismatched pair is what the build is for, whatever it is made from.
    plain = [cubin.partition("(")[0] for cubin in cubins]
    alone = [base for base in sorted(ptx) if base.removesuffix(_PTX) not in plain]
    return tuple(f"{one}{_PTX}" if f"{one}{_PTX}" in ptx else one for one in plain) + tuple(alone)


def _is_virtual(flag: str) -> bool:
    try:
        return flag.startswith("compute_") and bool(parse(flag))
    except ArchitectureError:
        return False


def _unknown_names(record: TraceRecord) -> Iterable[str]:
    if record.command == "message" and record.arguments[:1] == ("SEND_ERROR",):
        yield from (found["name"] for found in _UNKNOWN.finditer(" ".join(record.arguments[1:])))


def _steps(given: str, flags: tuple[str, ...], own: list[TraceRecord]) -> Iterable[Step]:
    """Each text that torch's script replaces in the list, and what it makes of the whole."""
    for record in own:
        if record.command == "string" and record.arguments[:1] == ("REPLACE",) and len(record.arguments) > 4:
            _replace, old, new, _name, *texts = record.arguments
            text = "".join(texts)
            if old in text and old.replace(".", "").isdigit():
                yield Step(
                    variable=_LIST, before=tuple(text.replace(";", " ").split()),
                    after=tuple(text.replace(old, new).replace(";", " ").split()),
                    command=record.text, file=record.file, line=record.line,
                )  # fmt: skip
    last = next((r for r in reversed(own) if r.command == "set" and r.arguments[-1:] == ("PARENT_SCOPE",)), None)
    made = next((r for r in own if r.command == "set" and any("-gencode" in one for one in r.arguments)), last)
    if made is not None and flags:
        yield Step(
            variable=_LIST, before=elements(given.replace(" ", ";")) or None, after=flags,
            command=made.text, file=made.file, line=made.line,
        )  # fmt: skip
