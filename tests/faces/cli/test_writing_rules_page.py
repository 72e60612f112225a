"""What docs/writing-rules.md shows is what happens."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from buildDoctor.faces.cli import arguments
from buildDoctor.faces.cli.rule_arguments import ACTIONS

Run = Callable[..., Any]
PAGE = (Path(__file__).parents[3] / "docs" / "writing-rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_names_every_action() -> None:
    assert [action for action in ACTIONS if f"| `rules {action}" not in PAGE] == []


def test_every_command_of_the_page_is_one() -> None:
    lines = [part.strip() for block in blocks("sh") for line in block.splitlines() for part in line.split(";")]

    for line in lines:
        words = shlex.split(line.split(">")[0])
        assert words[0] == "build-doctor"
        assert arguments.parse(words[1:]).command in {"rules", "examine"}
    assert len(lines) > 3


def test_the_commands_of_the_page_work_one_after_the_other(folder: Path, run: Run) -> None:
    (folder / "report.json").write_text(json.dumps({"torch": {"version": "2.6.0"}}))
    ends = [
        run(*shlex.split(line)[1:])
        for line in (*blocks("sh")[0].splitlines()[:3], "build-doctor rules try old-torch report.json")
    ]

    assert [ended.code for ended in ends] == [0, 0, 0, 0]
    assert "It holds." in ends[-1].output


def test_the_whole_rule_of_the_page_is_one(folder: Path, run: Run) -> None:
    (rule,) = (block for block in blocks("toml") if block.startswith("schema = 1"))
    (folder / "library-without-sass.toml").write_text(rule, encoding="utf-8")

    assert run("rules", "check", "library-without-sass.toml").code == 0
    assert run("rules", "test", "library-without-sass.toml").code == 0


def test_the_trace_of_the_page_is_what_is_printed(folder: Path, run: Run) -> None:
    (folder / "small-wheel.toml").write_text(
        'schema = 1\nid = "small-wheel"\ntitle = "a"\nseverity = "note"\nconfidence = "certain"\nfamily = "binary"\n'
        'for_each = { b = "binaries" }\nwhen = "b.size_bytes < 1000 and len(b.units) > 0"\nwhy = "a"\nlimits = "a"\n'
        '[[example]]\nname = "a"\nexpect = "holds"\n[[example]]\nname = "b"\nexpect = "does-not-hold"\n'
        '[[example]]\nname = "c"\nexpect = "cannot-tell"\n'
    )
    binary = {"path": "_C.abi3.so", "units": [{"index": 0}, {"index": 1}]}
    (folder / "report.json").write_text(json.dumps({"binaries": [binary]}))

    ended = run("rules", "try", "small-wheel.toml", "report.json")

    assert f"```\n{ended.output}```" in PAGE


def test_the_settings_of_the_page_are_settings(folder: Path, run: Run) -> None:
    (settings,) = [block for block in blocks("toml") if "[[suppress]]" in block]
    (folder / "build-doctor.toml").write_text(settings)

    ended = run("rules", "check")

    assert (ended.code, ended.output) == (0, "")
