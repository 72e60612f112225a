"""What the documents say is so: paths exist, commands are the real ones, pages are current."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.faces.cli import arguments
from buildDoctor.faces.cli.exit_codes import ExitCode

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def named_paths(text: str) -> set[str]:
    """The paths of the repository that a document names: links, and words in backticks that look like one."""
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    words = re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|md|toml|cmake|json))`", text)
    return {word for word in (*links, *words) if "<" not in word}


FOLDERS = (
    "adapters/cmake", "adapters/setup_script", "core/device", "core/fixes", "core/judging", "core/reporting", "examine",
    "faces/reports",
)  # fmt: skip
"""A document may name a module of these by its file alone."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    places = [ROOT, *(ROOT / "buildDoctor" / folder for folder in FOLDERS)]

    absent = [path for path in named_paths(text) if not any((place / path).exists() for place in places)]

    assert len(named_paths(text)) > 3
    assert absent == []


def shell_commands(text: str) -> list[str]:
    blocks: list[str] = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """The second command of the README is the one that passes the tests, and CI runs it word for word."""
    command = shell_commands((ROOT / "README.md").read_text(encoding="utf-8"))[1]

    assert "-m pytest" in command
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_of_the_readme_can_be_parsed() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [part.strip() for line in shell_commands(text) for part in re.split(r"&&|;", line)]
    ours = [line for line in lines if line.startswith("build-doctor")]

    for line in ours:
        words = shlex.split(line.split(">")[0])
        assert arguments.parse(words[1:]).command in {*arguments.COMMANDS, "examine"}
    assert len(ours) > 3


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [command for command in arguments.COMMANDS if f"build-doctor {command}" not in text] == []


def test_the_table_of_exit_codes_is_the_same_in_code_and_readme() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert [int(row) for row in rows] == sorted(ExitCode)


def rules_page() -> Any:
    spec = importlib.util.spec_from_file_location("make_rules_page", ROOT / "docs" / "make_rules_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_rules_is_current() -> None:
    """`python docs/make_rules_page.py` would change nothing."""
    module = rules_page()

    assert module.PAGE.read_text(encoding="utf-8") == module.page()
    assert {path.name: path.read_text(encoding="utf-8") for path in module.FOLDER.iterdir()} == module.pages()


def test_every_rule_has_its_page_and_a_line_in_the_index() -> None:
    """One name finds the file, the page and the line; the notices about settings and contracts have pages too."""
    module = rules_page()
    notices = {"suppression-expired", "suppression-unused", "requirement-broken", "requirement-cannot-tell"}
    ids = {path.stem for path in (ROOT / "rules").rglob("*.toml")} | notices

    assert {name.removesuffix(".md") for name in module.pages()} == ids
    assert set(re.findall(r"^\| \[([a-z0-9-]+)\]\(rules/\1\.md\) \|", module.page(), re.MULTILINE)) == ids


def test_every_link_between_the_pages_leads_to_one() -> None:
    module = rules_page()
    names = set(module.pages())

    assert set(re.findall(r"\(rules/([^)]+)\)", module.page())) == names
    for text in module.pages().values():
        assert set(re.findall(r"\]\(([a-z0-9-]+\.md)\)", text)) <= names


def test_every_known_failure_is_covered_or_out_of_reach_for_a_reason() -> None:
    """Each of the 80 failures has rules that exist, or says why none can tell it."""
    module = rules_page()
    ids = {path.stem for path in (ROOT / "rules").rglob("*.toml")}
    failures = module.failures()

    assert len(failures) == 80
    assert len({one["title"] for one in failures}) == 80
    assert all(one["rules"] or one.get("reason") for one in failures)
    assert {rule for one in failures for rule in one["rules"]} - ids == set()


def test_there_are_rules_for_every_family() -> None:
    """At least 60 rules."""
    assert len(list((ROOT / "rules").rglob("*.toml"))) >= 60
