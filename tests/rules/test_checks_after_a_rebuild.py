"""The command that a fix names for after the rebuild asks the question again that the finding answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.recorded import evidence_of
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.fixes.proposals import proposals_for
from buildDoctor.core.judging.gathering import gathered
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.rules.rule import Expectation, Rule

_ABOUT_A_GPU = ("capabilities", "model.requires")
RULES = [
    rule
    for rule in load_rules().rules
    if any(name in text for text in (rule.when.text, *(loop.over.text for loop in rule.loops)) for name in _ABOUT_A_GPU)
    and any(fix.verify for fix in rule.fixes)
]


def commands(rule: Rule) -> set[str]:
    """What the examples in which the rule holds say of the check, but for plans, which are asked by their request."""
    path = Path(rule.origin)
    evidences = [evidence_of(one, path) for one in rule.examples if one.expect is Expectation.HOLDS]
    held = [(one, evidence) for evidence in evidences for one in gathered(judge(evidence, [rule]).held)]
    found = {fix.verify for one, evidence in held for fix in proposals_for(one, evidence) if fix.verify}
    return {command for command in found if not command.startswith("build-doctor plan")}


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_what_was_found_for_a_gpu_is_checked_for_a_gpu(rule: Rule) -> None:
    """Elsewhere the GPU of the machine at hand would be taken, or none."""
    assert [command for command in sorted(commands(rule)) if "--gpu" not in command] == []


def test_the_gpus_are_those_of_the_finding() -> None:
    """The healthy machine has a 12.0."""
    stub = next(rule for rule in RULES if rule.id == "stub-only-kernel")

    assert commands(stub) == {"build-doctor --gpu 12.0 _C.abi3.so"}
