"""Which rules run, and what settings and options make of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.recorded import healthy
from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Severity
from buildDoctor.examine.options import Options
from buildDoctor.examine.rulebook import rulebook_of
from buildDoctor.examine.run import judge_again


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with settings."""
    (tmp_path / "build-doctor.toml").write_text(
        'select = ["plan", "torch"]\nignore = ["suffix-lost"]\n[severity]\nfeature-gets-no-architecture = "note"\n'
    )
    return tmp_path


def running(options: Options) -> set[str]:
    return {rule.id for rule in rulebook_of(options).rules}


def test_settings_select_ignore_and_change(project: Path) -> None:
    book = rulebook_of(Options(source=str(project)))

    assert {rule.family for rule in book.rules} == {"plan", "torch"}
    assert book.states["suffix-lost"] == "ignored by build-doctor.toml:2"
    assert book.states["stub-only-kernel"] == "not selected by build-doctor.toml:1"
    assert book.states["feature-gets-no-architecture"] == "on, severity changed from error by build-doctor.toml:4"
    (changed,) = [rule for rule in book.rules if rule.id == "feature-gets-no-architecture"]
    assert changed.severity is Severity.NOTE


def test_what_is_typed_counts_before_what_stands_in_a_file(project: Path) -> None:
    assert running(Options(source=str(project), select=("suffix-lost", "binary"))) >= {
        "suffix-lost",
        "stub-only-kernel",
    }
    assert "torch-lacks-capability" not in running(Options(source=str(project), ignore=("torch",)))


def test_the_project_is_the_first_folder_that_is_examined(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")

    assert "suffix-lost" not in running(Options(targets=("file.so", str(project))))
    assert "suffix-lost" in running(Options(targets=("file.so", str(other), str(project))))


def test_isolated_leaves_out_settings_and_rules_of_others(project: Path) -> None:
    (project / ".build-doctor" / "rules").mkdir(parents=True)
    (project / ".build-doctor" / "rules" / "broken.toml").write_text("x")

    assert "suffix-lost" in running(Options(source=str(project), isolated=True))
    with pytest.raises(RequestError, match=r"broken.toml:1:\d+: it is not TOML"):
        rulebook_of(Options(source=str(project)))


def test_every_mistake_in_rules_and_settings_is_told_at_once(project: Path) -> None:
    (project / "build-doctor.toml").write_text('selct = []\nignore = ["plann"]\n')
    (project / ".build-doctor" / "rules").mkdir(parents=True)
    (project / ".build-doctor" / "rules" / "broken.toml").write_text("x")

    with pytest.raises(RequestError) as caught:
        rulebook_of(Options(source=str(project), select=("nothing",)))

    lines = str(caught.value).split("\n")
    assert len(lines) == 4
    assert all(word in str(caught.value) for word in ("selct", "plann", "broken.toml", "nothing"))


def test_suppressed_findings_are_named_and_not_shown(project: Path) -> None:
    (project / "build-doctor.toml").write_text(
        '[[suppress]]\nrule = "feature-gets-no-architecture"\nsubject = "*NVFP4"\nreason = "Known."\n'
        '[[suppress]]\nrule = "feature-gets-no-architecture"\nsubject = "*MLA"\nreason = "Old."\nuntil = 2020-01-01\n'
    )
    features = [
        {"name": name, "wants": ["12.0a"], "gets": [], "file": "a", "line": 1, "built": False}
        for name in ("NVFP4", "MLA")
    ]
    data = healthy() | {"plan": {"features": features, "request": ["9.0"], "architectures": ["9.0"]}}

    report = judge_again(data, "saved", Options(source=str(project)))

    assert [one.subject for one in report.suppressed] == ["feature=NVFP4"]
    assert [
        (finding.rule, finding.subject) for finding in report.findings if finding.family in {"plan", "settings"}
    ] == [
        ("feature-gets-no-architecture", "feature=MLA"),
        ("suppression-expired", "suppress=feature-gets-no-architecture (*MLA)"),
    ]
