"""Evidence from files, and the differences of examples."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from buildDoctor.adapters.recorded import EvidenceError, evidence_from, evidence_of, healthy, overlay, read_evidence
from buildDoctor.core.evidence import Evidence, Plan
from buildDoctor.core.rules.rule import Example, Expectation


def test_a_healthy_machine_was_seen_whole() -> None:
    """No part of it makes a rule unsure."""
    evidence = evidence_from(healthy())
    assert all(getattr(evidence, name) is not None for name in Evidence.__slots__)


def test_a_difference_replaces_what_it_names_and_keeps_the_rest() -> None:
    """Tables are merged; lists and values are replaced."""
    base = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert overlay(base, {"a": {"c": [3]}, "e": {"f": 2}}) == {"a": {"b": 1, "c": [3]}, "d": 1, "e": {"f": 2}}
    assert base == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_what_was_not_seen_is_taken_away() -> None:
    """Anywhere, in a list of tables too."""
    assert overlay({"a": {"b": 1}, "c": 1}, {"a": {"b": "not seen"}, "c": "not seen"}) == {"a": {}}
    assert overlay({}, {"a": [{"b": "not seen", "c": 1}]}) == {"a": [{"c": 1}]}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            {"plan": {"featurs": []}},
            "'$.plan.featurs' is not a field of the plan; did you mean 'features'?",
            id="an unknown key",
        ),
        pytest.param(
            {"plan": {"features": [{}, {"nme": "x"}]}},
            "'$.plan.features[1].nme' is not a field of the feature; did you mean 'name'?",
            id="an unknown key in a list",
        ),
        pytest.param(
            {"plan": {"request": "12.0"}}, "Expected `array | null`, got `str` - at `$.plan.request`", id="a wrong type"
        ),
        pytest.param(
            {"gpus": [{"index": True}]},
            "Expected `int | null`, got `bool` - at `$.gpus[0].index`",
            id="true is not one",
        ),
    ],
)
def test_data_that_is_no_evidence_is_refused(data: dict[str, object], expected: str) -> None:
    """The message names the path."""
    with pytest.raises(EvidenceError) as caught:
        evidence_from(data)
    assert str(caught.value) == expected


def test_a_saved_report_is_read_for_its_evidence(tmp_path: Path) -> None:
    """A report and evidence alone serve equally."""
    expected = Evidence(plan=Plan(request=("12.0",)))
    for data in ({"schema_version": 1, "evidence": {"plan": {"request": ["12.0"]}}}, {"plan": {"request": ["12.0"]}}):
        (tmp_path / "saved.json").write_bytes(msgspec.json.encode(data))
        assert read_evidence(tmp_path / "saved.json") == expected


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000], ids=["nothing", "list", "cut", "bytes", "deep"]
)
def test_a_file_that_is_no_evidence_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever a file holds, the message names it."""
    (tmp_path / "saved.json").write_bytes(content)
    with pytest.raises(EvidenceError, match=r"saved\.json: it is not a JSON document of evidence: "):
        read_evidence(tmp_path / "saved.json")


def test_an_example_is_a_healthy_machine_with_differences() -> None:
    """An example states only what matters to it."""
    example = Example(name="x", expect=Expectation.HOLDS, evidence={"plan": {"request": []}})
    evidence = evidence_of(example, Path("rules/plan/x.toml"))
    assert evidence.plan is not None
    assert (evidence.plan.request, evidence.plan.cuda_version) == ((), "12.9")
