"""What a tree's build folders and the binaries that were built from it have, beside what is planned, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buildDoctor.core.evidence import BuiltExtension, Configured, Plan, SourceDifference
from buildDoctor.faces.wording.plain import counted, visible

_AS_PLANNED = "as planned"
_NOT_COMPARED = "not compared with the plan"
_MOST = 3
"""Names and sources that are written out; the JSON report has all."""


def built_summary(plan: Plan) -> str:
    """Which build folders and binaries are other than planned, in one short line; empty when there is none of either."""
    seen = [(_folder(one), _state(one)) for one in plan.configured or ()]
    seen += [(visible(one.extension or ""), _compared(one)) for one in plan.built or ()]
    other = [name for name, state in seen if state not in {_AS_PLANNED, _NOT_COMPARED}]
    same = [name for name, state in seen if state == _AS_PLANNED]
    parts = [f"not as planned: {_names(tuple(other))}"] if other else []
    parts += [f"as planned: {_names(tuple(same))}"] if same else []
    return "; ".join(parts)


def differs(plan: Plan) -> bool:
    """Whether a build folder or a binary is other than planned."""
    return built_summary(plan).startswith("not ")


def configured_lines(plan: Plan) -> tuple[str, ...]:
    """What each build folder was configured with, and what of it is not planned so."""
    return tuple(line for one in plan.configured or () for line in _configured(one))


def built_lines(plan: Plan) -> tuple[str, ...]:
    """What the binaries are made for, and how each differs from the plan."""
    made = [_made(plan)] if plan.made_for is not None and plan.built else []
    return (*made, *(line for one in plan.built or () for line in _built(one)))


def _folder(one: Configured) -> str:
    return "the tree itself" if one.folder == "." else f"build folder {visible(one.folder or '')}"


def _configured(one: Configured) -> Iterator[str]:
    with_ = f" with CUDA {visible(one.cuda_version)}" if one.cuda_version else ""
    by = f" by {visible(one.generator)}" if one.generator else ""
    asked = f", asked for {_list(one.request)} ({visible(one.request_variable or 'its cache')})" if one.request else ""
    yield f"{_folder(one)}, configured{with_}{by}{asked}"
    if one.older_than:
        yield f"  older than {_names(one.older_than)}: what it compiles is from before that change"
    sources = one.sources or ()
    yield f"  compiles {counted(len(sources), 'CUDA source')} for {_list(one.architectures)}: {_apart(one)}"
    yield from _differing(one.differences, "compiled for")
    for words, found in (("planned, not compiled", one.not_compiled), ("compiled, not planned", one.not_planned)):
        if found:
            yield f"  {words}: {_names(found)}"


def _state(one: Configured) -> str:
    """How far a build folder is from the plan."""
    return f"older than its scripts, {_apart(one)}" if one.older_than else _apart(one)


def _apart(one: Configured) -> str:
    """How many sources of a build folder are not as planned."""
    parts = (
        [f"{counted(len(one.differences), 'source')} for other architectures than planned"] if one.differences else []
    )
    parts += [f"{len(one.not_compiled)} planned not compiled"] if one.not_compiled else []
    parts += [f"{len(one.not_planned)} compiled not planned"] if one.not_planned else []
    known = one.differences is not None
    return ", ".join(parts) or (_AS_PLANNED if known else _NOT_COMPARED)


def _made(plan: Plan) -> str:
    if not plan.made_for:
        return "no request that was tried explains what the binaries hold"
    cuda = f" with CUDA {visible(plan.made_for_cuda)}" if plan.made_for_cuda else ""
    return f"the binaries hold what these scripts give when asked for {_list(plan.made_for)}{cuda}"


def _built(one: BuiltExtension) -> Iterator[str]:
    yield f"{visible(one.extension or '')} in {visible(one.binary or '')}: {_compared(one)}"
    yield from _differing(one.differences, "built for")
    for words, found in (("planned, not in it", one.missing), ("in it, not planned", one.unplanned)):
        if found:
            yield f"  {words}: {_names(found)}"
    if one.compared_by == "counts":
        for count in one.counts or ():
            if count.planned != count.found:
                planned = f"{counted(count.planned or 0, 'source')} planned"
                yield f"  {visible(count.architecture or '')}: {planned}, {counted(count.found or 0, 'fatbin')} in the file"


def _compared(one: BuiltExtension) -> str:
    """How far a binary is from the plan, in numbers."""
    parts = (
        [f"{counted(len(one.differences), 'source')} for other architectures than planned"] if one.differences else []
    )
    parts += [f"{len(one.missing)} planned missing"] if one.missing else []
    parts += [f"{len(one.unplanned)} not planned"] if one.unplanned else []
    if one.compared_by == "counts" and not parts:
        other = sum(count.planned != count.found for count in one.counts or ())
        parts = [f"{counted(other, 'architecture')} with another number of images than planned"] if other else []
    return ", ".join(parts) or _AS_PLANNED


def _differing(differences: Iterable[SourceDifference] | None, verb: str) -> Iterator[str]:
    listed = tuple(differences or ())
    for one in listed[:_MOST]:
        path, planned = visible(one.path or ""), _list(one.planned)
        yield f"  {path}: planned for {planned}, {verb} {_list(one.compiled)}"
    if len(listed) > _MOST:
        yield f"  and {counted(len(listed) - _MOST, 'more source')}"


def _names(found: tuple[str, ...]) -> str:
    return ", ".join(_few([visible(name) for name in found], _MOST))


def _few(texts: list[str], most: int) -> list[str]:
    return texts if len(texts) <= most else [*texts[:most], f"and {len(texts) - most} more"]


def _list(architectures: tuple[str, ...] | None) -> str:
    return visible(" ".join(architectures or ())) or "nothing"
