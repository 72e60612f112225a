"""Makes a new rule, with examples that are found by trying."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.recorded import EvidenceError, evidence_from, healthy
from buildDoctor.adapters.toml_files import BadFileError, parse
from buildDoctor.core.errors import RequestError
from buildDoctor.core.judging.judge import answer
from buildDoctor.core.judging.tracing import trace
from buildDoctor.core.language import BudgetError
from buildDoctor.core.rules.example_search import search_examples
from buildDoctor.core.rules.format import RuleFormatError, read_rule
from buildDoctor.core.rules.new_rule import Draft, rule_text
from buildDoctor.core.rules.rule import Expectation, Rule

_MOST_CASES = 20
_NEARBY = ("./rule-v1.schema.json", "../rule-v1.schema.json")


class Made(Struct, frozen=True):
    """A new rule file."""

    text: str
    absent: tuple[Expectation, ...]
    """The answers for which no example was found."""


def make_rule(draft: Draft, folder: Path | None) -> Made:
    """The file of a new rule.

    Args:
        draft: What its author has said.
        folder: Where the file will be; `None` when it is printed.

    Raises:
        RequestError: what the author has said is no rule.
    """
    schema = next((near for near in _NEARBY if folder is not None and (folder / near).exists()), _NEARBY[0])
    # The examples of the first text are placeholders; the rule is read for its condition alone.
    rule = _rule(rule_text(draft, {expect: {} for expect in Expectation}, schema), draft)
    found = search_examples(rule, healthy(), lambda data: _answer(rule, data), lambda data: _score(rule, data))
    return Made(rule_text(draft, found, schema), tuple(expect for expect in Expectation if expect not in found))


def _answer(rule: Rule, data: dict[str, object]) -> Expectation | None:
    try:
        return answer(rule, evidence_from(data))
    except EvidenceError:
        return None


def _score(rule: Rule, data: dict[str, object]) -> int:
    """How many sides of the condition's `and` are true, for the combination of names where most are."""
    try:
        evidence = evidence_from(data)
        parts = [case.parts(evidence) for case in trace(rule, evidence).cases[:_MOST_CASES]]
    except (EvidenceError, BudgetError):
        return -1
    return max((sum(side.value == "true" for side in part.parts or (part,)) for part in parts), default=-1)


def _rule(text: str, draft: Draft) -> Rule:
    try:
        return read_rule(parse(Path(f"{draft.id}.toml"), text))
    except RuleFormatError as error:
        lines = dict.fromkeys(
            f"{mistake.path[0] if mistake.path else 'the rule'}: {mistake.message}" for mistake in error.mistakes
        )
        raise RequestError("\n".join(lines)) from None
    except BadFileError as bad:
        raise RequestError("\n".join(problem.message for problem in bad.problems)) from None
