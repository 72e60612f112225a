"""The fixes that the rules offer for what holds, with every name filled in, before they are tried."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Safety
from buildDoctor.core.judging.judge import Bindings, Held, combinations
from buildDoctor.core.language import BudgetError, Template
from buildDoctor.core.rules.rule import FixTemplate


class Change(Struct, frozen=True, kw_only=True):
    """What a fix changes in the inputs of the plan; the change that can be tried."""

    at: str = ""
    """The evidence that has the list's file and line; empty when no list is edited."""
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    request: str = ""
    """The architectures to ask for in place of today's; empty when they stay."""
    toolkit: str = ""
    """The CUDA version to build with in place of today's; empty when it stays."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A fix with its names filled in."""

    title: str
    safety: Safety
    change: Change | None
    """The change to try, when it is one that can be tried."""
    command: str | None
    environment: tuple[tuple[str, str], ...] | None
    text: str | None
    verify: str | None


def proposals_for(held: Held, evidence: Evidence) -> tuple[Proposal, ...]:
    """The fixes that a rule offers for one thing that holds, in the rule's order, without repetitions."""
    found = [
        _filled(template, evidence, bindings)
        for template in held.rule.fixes
        for bindings in _offered(template, evidence, held.bindings)
    ]
    return tuple(dict.fromkeys(found))


def _offered(template: FixTemplate, evidence: Evidence, bound: Bindings) -> Iterator[Bindings]:
    """The combinations of a fix's loop names for which its own condition holds."""
    try:
        for bindings in combinations(template.loops, evidence, {}, bound):
            if template.when is None or template.when.evaluate(evidence, bindings).value is True:
                yield bindings
    except BudgetError:
        return


def _filled(template: FixTemplate, evidence: Evidence, bindings: Bindings) -> Proposal:
    def fill(part: object) -> str:
        return part.render(evidence, bindings) if part is not None else ""  # type: ignore[attr-defined]  # a Template

    def typed(part: Template | None) -> str | None:
        return part.render_command(evidence, bindings) if part is not None else None

    request, toolkit = fill(template.set_request), fill(template.set_toolkit)
    change = Change(request=request, toolkit=toolkit) if request or toolkit else None
    if template.edit is not None:
        change = Change(
            at=template.edit.at,
            remove=tuple(map(fill, template.edit.remove)),
            add=tuple(map(fill, template.edit.add)),
        )
    environment = tuple((name, fill(value)) for name, value in template.set_environment)
    if request:
        environment = (("TORCH_CUDA_ARCH_LIST", request),)
    return Proposal(
        title=fill(template.title),
        safety=template.safety,
        change=change,
        command=typed(template.command) or None,
        environment=environment or None,
        text=fill(template.text) or (f"Build with CUDA {toolkit}." if toolkit else None),
        verify=typed(template.verify) or None,
    )
