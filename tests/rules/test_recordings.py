"""Examples that are made from real build scripts: every rule about plans has one, and recording it again gives the same bytes."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Environment
from buildDoctor.core.rules.rule import Expectation, Rule

HERE = Path(__file__).parent
RULES = {rule.id: rule for rule in load_rules().rules}
ABOUT_PLANS = [pytest.param(rule, id=rule.id) for rule in RULES.values() if rule.family == "plan"]
OWN = (
    "binary-lacks-planned-architecture",
    "build-folder-compiles-other-architectures",
    "build-folder-keeps-another-request",
    "build-folder-lacks-planned-source",
    "build-folder-older-than-scripts",
    "feature-macro-for-another-family",
    "flag-turns-arch-list-off",
    "planned-architecture-is-none",
    "request-suffix-consumes-plain",
    "suffix-lost",
    "supported-suffix-consumes-target",
)
"""What is made from trees of our own."""
LARGEST = 5_000
STANDS_FOR_A_PLACE = re.compile(r"/(not-built|fetched)/")
"""What the replay calls folders that are not there."""


@pytest.fixture(scope="module")
def recorder() -> Iterator[Any]:
    """The script beside this file, with what it imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HERE))
        yield importlib.import_module("record_replays")


@pytest.fixture(scope="module")
def own(recorder: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder for trees of our own."""
    return recorder.Places(tmp_path_factory.mktemp("own").resolve())


@pytest.fixture(scope="module")
def fetched(recorder: Any, corpus: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder for the trees of others too."""
    return recorder.Places(tmp_path_factory.mktemp("fetched").resolve(), corpus)


@pytest.fixture
def without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of whoever runs the tests ask no build for anything."""
    for name in Environment.__struct_fields__:
        monkeypatch.delenv(name, raising=False)


def recorded(rule: Rule) -> list[Path]:
    """The files of a rule's examples on which it holds."""
    folder = Path(rule.origin).parent
    return [
        folder / one.evidence_file for one in rule.examples if one.evidence_file and one.expect is Expectation.HOLDS
    ]


@pytest.mark.parametrize("rule", ABOUT_PLANS)
def test_every_rule_about_plans_holds_on_a_recorded_example(rule: Rule, recorder: Any) -> None:
    assert recorder.file_of(rule) in recorded(rule)
    assert rule.id in recorder.RECORDINGS


def test_nothing_is_recorded_for_nobody(recorder: Any) -> None:
    """No file is left of a rule that is gone, or of an example."""
    used = {path for rule in RULES.values() for path in recorded(rule)}
    assert set(Path(RULES["suffix-lost"].origin).parents[1].glob("*/*.json")) == used
    assert set(recorder.RECORDINGS) == {rule.id for rule in RULES.values() if recorded(rule)}


@pytest.mark.parametrize("rule", ABOUT_PLANS)
def test_a_recording_is_small_and_names_no_place_of_a_machine(rule: Rule, recorder: Any) -> None:
    text = recorder.file_of(rule).read_text(encoding="utf-8")
    rooted = [one for one in re.findall(r'"(/[^"]*)"', text) if not STANDS_FOR_A_PLACE.match(one)]

    assert len(text) < LARGEST
    assert rooted == []
    assert set(json.loads(text)) <= {"capabilities", "plan", "torch"}


@pytest.mark.usefixtures("without_variables")
@pytest.mark.parametrize("name", OWN)
def test_recording_our_own_trees_again_gives_the_same_bytes(name: str, recorder: Any, own: Any) -> None:
    rule = RULES[name]
    assert recorder.record(rule, recorder.RECORDINGS[name], own) == recorder.file_of(rule).read_text(encoding="utf-8")


@pytest.mark.corpus
@pytest.mark.usefixtures("without_variables")
@pytest.mark.parametrize("rule", ABOUT_PLANS)
def test_recording_again_gives_the_same_bytes(rule: Rule, recorder: Any, fetched: Any) -> None:
    text = recorder.record(rule, recorder.RECORDINGS[rule.id], fetched)
    assert text == recorder.file_of(rule).read_text(encoding="utf-8")
