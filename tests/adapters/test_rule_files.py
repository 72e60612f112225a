"""Rule files on disk: which are found, and where their mistakes are."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.rule_files import MAX_BYTES, LoadedRules, load_rules

RULE = '''\
schema = 1
id = "no-request"
title = "Nothing is asked for"
severity = "note"  # a comment
confidence = "certain"
family = "plan"
when = """
plan.request == []
  and torch.version != ""
"""
why = "Because."
limits = "None."

[[fix]]
title = "Ask"
edit = { at = "plan.supported", add = ["12.0", "{torch.version}"] }

[[example]]
name = "nothing"
expect = "holds"
[example.evidence.plan]
request = []

[[example]]
name = "healthy"
expect = "does-not-hold"

[[example]]
name = "no plan"
expect = "cannot-tell"
evidence = { plan = "not seen" }
'''


def load(folder: Path, content: str | bytes, name: str = "no-request.toml") -> LoadedRules:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_rules([file], builtin=False)


def test_rules_are_found_in_folders_and_given_files(tmp_path: Path) -> None:
    """A folder is searched through, and a file that is given twice counts once."""
    (tmp_path / "plan").mkdir()
    load(tmp_path / "plan", RULE)
    loaded = load_rules([tmp_path, tmp_path / "plan" / "no-request.toml"], builtin=False)
    assert [rule.id for rule in loaded.rules] == ["no-request"]
    assert loaded.problems == ()


@pytest.mark.parametrize("length", [16_000, 16_384, 40_000, MAX_BYTES - len(RULE) - 10])
def test_a_long_file_is_read_whole(tmp_path: Path, length: int) -> None:
    loaded = load(tmp_path, f"# {'x' * length}\n{RULE}")

    assert [rule.id for rule in loaded.rules] == ["no-request"]


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    """A rule is the same rule with either ending of lines."""
    assert load(tmp_path, RULE.replace("\n", "\r\n")).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "severity =",
            "sevrity =",
            ["1:1: a rule needs the key 'severity'", "4:1: 'sevrity' is not a key of a rule; did you mean 'severity'?"],
            id="a key",
        ),
        pytest.param(
            "torch.version !=",
            "torch.versoin !=",
            ["9:7: 'torch.versoin' is not a field of the torch; did you mean 'version'?"],
            id="a line of an expression",
        ),
        pytest.param(
            '"{torch.version}"',
            '"\\u0031\\"{torch.versoin}"',
            ["16:58: 'torch.versoin' is not a field of the torch; did you mean 'version'?"],
            id="a column behind escapes, in a list in a table on one line",
        ),
        pytest.param(
            'at = "plan.supported"',
            "at = 'plan.suported'",
            ["16:16: 'plan.suported' is not a field of the plan; did you mean 'supported'?"],
            id="a table on one line",
        ),
        pytest.param(
            'expect = "cannot-tell"',
            'expect = "unclear"',
            ["30:1: 'unclear' is not one of holds, does-not-hold, cannot-tell"],
            id="the third of several tables",
        ),
        pytest.param(
            '{ plan = "not seen" }',
            '"absent.json"',
            ["31:1: there is no file absent.json beside the rule"],
            id="a file that is not there",
        ),
        pytest.param(
            'id = "no-request"',
            "id = no-request",
            ["2:6: it is not TOML: Invalid value; text stands in quotation marks"],
            id="what is not TOML",
        ),
    ],
)
def test_a_problem_says_where_it_is(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """File, line and column, so that an editor can go there."""
    loaded = load(tmp_path, RULE.replace(old, new))
    assert [str(problem) for problem in loaded.problems] == [
        f"{tmp_path / 'no-request.toml'}:{problem}" for problem in expected
    ]
    assert loaded.rules == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"# " + b"x" * MAX_BYTES, " it has more than 1,000,000 bytes; a rule needs far fewer", id="size"),
        pytest.param(b"a = 1\nb = '\xff'", "2:6: it is not UTF-8: byte 0xff has no place here", id="bytes"),
        pytest.param(b"x = " + b"[" * 5_000, None, id="depth"),
    ],
)
def test_a_file_that_is_no_rule_is_a_problem(tmp_path: Path, content: bytes, expected: str | None) -> None:
    """Whatever a file holds, loading goes on and says what is wrong."""
    (problem,) = load(tmp_path, content).problems
    if expected is None:
        assert "it is not TOML" in problem.message
    else:
        assert str(problem) == f"{tmp_path / 'no-request.toml'}:{expected}"


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A mistyped option is told apart from a folder without rules."""
    (problem,) = load_rules([tmp_path / "none"], builtin=False).problems
    assert problem.message == "there is no such rule file or folder"


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    """Two rules of one name could not be told apart; the first one stays."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    load(tmp_path / "a", RULE)
    load(tmp_path / "b", RULE)
    loaded = load_rules([tmp_path], builtin=False)
    first = tmp_path / "a" / "no-request.toml"
    assert [rule.origin for rule in loaded.rules] == [str(first)]
    assert [(problem.line, problem.message) for problem in loaded.problems] == [
        (2, f"the id 'no-request' is already taken by {first}")
    ]


def test_consequences_are_rules_that_exist(tmp_path: Path) -> None:
    """A rule that explains another names it as it is called."""
    (tmp_path / "no-request.toml").write_text(RULE.replace("family", 'explains = ["no-reqest"]\nfamily'))
    problems = [problem for problem in load_rules([tmp_path]).problems if problem.file.startswith(str(tmp_path))]
    assert [(problem.line, problem.column, problem.message) for problem in problems] == [
        (6, 13, "'no-reqest' is no rule; did you mean 'no-request'?")
    ]
