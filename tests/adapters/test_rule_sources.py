"""Where rules come from: folders of any kind, packs that need a version, and installed packages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from buildDoctor.adapters import rule_files
from buildDoctor.adapters.rule_files import LoadedRules, load_rules
from buildDoctor.adapters.rule_packs import rule_packs
from buildDoctor.adapters.rule_sources import RuleSource, SourceKind, project_source, user_source
from buildDoctor.adapters.toml_files import FileProblem

RULE = """\
schema = 1
id = "{name}"
title = "A title"
severity = "note"
confidence = "certain"
family = "plan"
when = "plan.request == []"
why = "Because."
limits = "None."
{more}
[[example]]
name = "nothing"
expect = "holds"
evidence = {{ plan = {{ request = [] }} }}
[[example]]
name = "healthy"
expect = "does-not-hold"
[[example]]
name = "no plan"
expect = "cannot-tell"
evidence = {{ plan = "not seen" }}
"""


def write(folder: Path, name: str = "one", more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(RULE.format(name=name, more=more))
    return file


def messages(loaded: LoadedRules) -> list[str]:
    return [problem.message for problem in loaded.problems]


def test_a_circle_of_folders_ends(tmp_path: Path) -> None:
    write(tmp_path / "a")
    (tmp_path / "a" / "round").symlink_to(tmp_path, target_is_directory=True)

    loaded = load_rules([tmp_path], builtin=False)

    assert ([rule.id for rule in loaded.rules], loaded.problems) == (["one"], ())


@pytest.mark.parametrize("kind", ["a circle of links", "a pipe", "a link to nothing", "a link to a device"])
def test_what_is_no_file_is_a_problem_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "odd.toml"
    if kind == "a pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(
            {"a circle of links": file, "a link to nothing": "absent", "a link to a device": "/dev/zero"}[kind]
        )
    write(tmp_path)

    loaded = load_rules([tmp_path], builtin=False)

    assert [rule.id for rule in loaded.rules] == ["one"]
    assert [Path(problem.file).name for problem in loaded.problems] == ["odd.toml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path).chmod(0)

    assert messages(load_rules([tmp_path], builtin=False)) == ["it cannot be read: Permission denied"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = " + "[" * 400 + "1" + "]" * 400, id="a deep list"),
        pytest.param("for_each = " + "{ a = " * 200 + "1" + " }" * 200, id="deep tables"),
        pytest.param("[[example]]\n" * 20_000, id="many tables"),
        pytest.param("\n".join(f"k{number} = {number}" for number in range(40_000)), id="many keys"),
        pytest.param('when = "' + "not " * 900 + 'True"', id="a deep condition"),
        pytest.param('when = "' + "-" * 3_900 + '1 == 1"', id="many signs"),
        pytest.param('title = "' + "{" * 5_000 + '"', id="many braces"),
    ],
)
def test_a_hostile_file_is_a_problem(tmp_path: Path, text: str) -> None:
    """Whatever a file holds, loading goes on."""
    (tmp_path / "odd.toml").write_text(text)
    write(tmp_path)

    loaded = load_rules([tmp_path], builtin=False)

    assert [rule.id for rule in loaded.rules] == ["one"]
    assert loaded.problems


def test_a_nearer_source_takes_the_place_of_a_rule_only_when_it_says_so(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a"), write(tmp_path / "b", more="replaces = true")
    plain = write(tmp_path / "c")
    sources = [RuleSource(SourceKind.USER, tmp_path / "a"), RuleSource(SourceKind.PROJECT, tmp_path / "b")]

    loaded = load_rules(sources=sources, thorough=False)

    assert loaded.problems == ()
    assert loaded.origins["one"].source.kind is SourceKind.PROJECT
    assert loaded.origins["one"].replaced == (str(first),)
    refused = load_rules([plain], sources=sources)
    assert messages(refused) == [f"the id 'one' is already taken by {second}; to take its place write replaces = true"]


def test_a_rule_that_replaces_nothing_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "sufix-lost", "replaces = true")

    assert messages(load_rules([tmp_path])) == [
        "there is no other rule 'sufix-lost' that it could replace; did you mean 'suffix-lost'?"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('requires = ">=0.0.1"', [], id="this version"),
        pytest.param(
            'requires = ">=99"', ["these rules need build-doctor >=99; this is {version}"], id="a later version"
        ),
        pytest.param(
            'requires = "new"', ["'new' is no range of versions: write for example '>=0.2,<1'"], id="no version"
        ),
        pytest.param(
            'requries = ""', ["'requries' is not a key of a rule pack; did you mean 'requires'?"], id="a typo"
        ),
        pytest.param("requires = 3", ["expected text, found a whole number"], id="a number"),
    ],
)
def test_a_pack_says_which_version_it_needs(tmp_path: Path, text: str, expected: list[str]) -> None:
    """With another, none of its rules is read: they may be written in a way that is not known here."""
    from buildDoctor import __version__  # noqa: PLC0415 - the message carries it

    write(tmp_path)
    (tmp_path / "rule-pack.toml").write_text(text)

    loaded = load_rules([tmp_path], builtin=False)

    assert messages(loaded) == [line.format(version=__version__) for line in expected]
    assert [rule.id for rule in loaded.rules] == ([] if expected else ["one"])


def test_the_places_of_user_and_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert (user_source(), project_source(tmp_path)) == (None, None)

    write(tmp_path / "build-doctor" / "rules")
    write(tmp_path / ".build-doctor" / "rules")

    user, project = user_source(), project_source(tmp_path)
    assert user is not None
    assert project is not None
    assert (user.words, user.path) == ("user", tmp_path / "build-doctor" / "rules")
    assert (project.words, project.path) == ("project", tmp_path / ".build-doctor" / "rules")


def install(site: Path, value: str, files: str) -> None:
    """A package as an installer leaves it; importing it would fail."""
    (site / "my_pack").mkdir(parents=True)
    (site / "my_pack" / "__init__.py").write_text("raise RuntimeError('it was imported')")
    write(site / "my_pack" / "rules")
    metadata = site / "my_pack-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: my-pack\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[build_doctor.rules]\nmine = {value}\n")
    (metadata / "RECORD").write_text(files)


def test_an_installed_pack_is_found_and_not_imported(tmp_path: Path) -> None:
    install(tmp_path, "my_pack.rules", "my_pack/__init__.py,,\nmy_pack/rules/one.toml,,\n")
    problems: list[FileProblem] = []

    (source,) = rule_packs(problems, [str(tmp_path)])

    assert (source.words, source.path) == ("package mine", tmp_path / "my_pack" / "rules")
    assert [rule.id for rule in load_rules(sources=[source]).rules if rule.id == "one"] == ["one"]
    assert "my_pack" not in sys.modules
    assert problems == []


def test_a_pack_that_is_installed_in_place_is_found_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are not listed; the folder of its package is where Python would look."""
    install(tmp_path, "my_pack.rules", "__editable__.my_pack.pth,,\n")
    monkeypatch.syspath_prepend(tmp_path)

    (source,) = rule_packs([], [str(tmp_path)])

    assert source.path == tmp_path / "my_pack" / "rules"
    assert "my_pack" not in sys.modules


@pytest.mark.parametrize(
    "value", ["my_pack.absent", "../etc", "/etc", "my_pack:rules"], ids=["absent", "above", "root", "object"]
)
def test_a_pack_that_names_no_folder_of_its_own_is_a_problem(tmp_path: Path, value: str) -> None:
    install(tmp_path, value, "my_pack/rules/one.toml,,\n")
    problems: list[FileProblem] = []

    assert rule_packs(problems, [str(tmp_path)]) == ()
    assert [problem.message for problem in problems] == [
        f"mine says that its rules are in {value!r}, and there is no such folder"
    ]


def test_places_that_are_not_there_hold_no_packs(tmp_path: Path) -> None:
    assert rule_packs([], [str(tmp_path / "absent"), "", str(tmp_path / "archive.zip")]) == ()


def test_a_built_in_rule_that_was_broken_is_told_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone who edits a checkout gets the file and the line, although built-in rules are not checked whole."""
    file = write(tmp_path)
    file.write_text(file.read_text().replace('severity = "note"', 'severity = "bad"'))
    monkeypatch.setattr(rule_files, "builtin_folder", lambda: tmp_path)

    (problem,) = load_rules().problems

    assert str(problem) == f"{file}:4:1: 'bad' is not one of error, warning, note"
