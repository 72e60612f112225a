"""What the page of a rule needs besides the rule."""

from __future__ import annotations

from buildDoctor.adapters.evidence_words import Words, evidence_words
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.rulebook import Rulebook


def rule_page_parts(book: Rulebook, rule: Rule) -> tuple[Words, str]:
    """What the fields of the evidence mean, and where the rule comes from."""
    return evidence_words(), book.loaded.origins[rule.id].source.words
