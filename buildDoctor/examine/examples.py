"""Whether a rule answers on its examples as they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from buildDoctor.adapters.recorded import EvidenceError, evidence_of
from buildDoctor.core.judge import answer
from buildDoctor.core.rules import Rule


def failing_examples(rule: Rule) -> Iterator[str]:
    """One sentence for each example that does not answer as it says."""
    for example in rule.examples:
        try:
            given = answer(rule, evidence_of(example, Path(rule.origin)))
        except EvidenceError as error:
            yield f"{rule.origin}: the example {example.name!r} holds no evidence: {error}"
            continue
        if given is not example.expect:
            yield f"{rule.origin}: the example {example.name!r} answers {given.value}, and says {example.expect.value}"
