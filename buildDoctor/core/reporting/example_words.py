"""What a rule says on an example: every text of its findings and their fixes."""

from __future__ import annotations

from collections.abc import Iterator

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.fixes.proposals import proposals_for
from buildDoctor.core.judging.gathering import gathered
from buildDoctor.core.judging.judge import Held, judge
from buildDoctor.core.rules.rule import Example, Rule


def words_of(rule: Rule, evidence: Evidence) -> str:
    """The texts of all its findings, each on lines of its own."""
    return "\n".join(text for held in gathered(judge(evidence, [rule]).held) for text in _texts(held, evidence) if text)


def _texts(held: Held, evidence: Evidence) -> Iterator[str | None]:
    yield held.rule.title.render(evidence, held.bindings)
    yield held.rule.why.render(evidence, held.bindings)
    for proposal in proposals_for(held, evidence):
        yield from (proposal.title, proposal.text, proposal.command, proposal.verify)
        yield from (f"{name}={value}" for name, value in proposal.environment or ())


def is_said(example: Example, rule: Rule, evidence: Evidence) -> bool:
    """Whether a rule says what an example wants to hear."""
    return not example.says or example.says in words_of(rule, evidence)
