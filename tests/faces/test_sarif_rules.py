"""Every rule in SARIF carries its whole page, and an address only where the project names one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.notice_pages import NOTICE_PAGES
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.settings import read_settings
from buildDoctor.faces.reports import sarif
from buildDoctor.faces.wording import paragraphs

ROOT = Path(__file__).parents[2]
SARIF = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
RULES = load_rules().rules
PAGES = "https://ci.example.org/rules/{rule}.md"


def described(report: Report) -> list[dict[str, Any]]:
    document = json.loads(sarif.render(report))
    jsonschema.validate(document, SARIF)
    rules: list[dict[str, Any]] = document["runs"][0]["tool"]["driver"]["rules"]
    return rules


def about(canned: Any, rule: Rule) -> Report:
    """A report whose only finding is of a rule."""
    finding = replace(canned.NVFP4.findings[0], rule=rule.id, references=rule.references)
    return replace(canned.NVFP4, findings=(finding,), rules=(rule,))


def plain(text: str) -> str:
    """As it was before SARIF took it."""
    return text.replace("{{", "{").replace("}}", "}").replace("] (", "](")


@pytest.fixture(scope="module")
def pages(canned: Any) -> dict[str, dict[str, str]]:
    """The page of every rule, out of one document."""
    findings = tuple(about(canned, rule).findings[0] for rule in RULES)
    return {part["id"]: part["help"] for part in described(replace(canned.NVFP4, findings=findings, rules=RULES))}


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_every_rule_is_described_with_its_whole_page(rule: Rule, pages: dict[str, dict[str, str]]) -> None:
    """Words that a finding fills in stand between signs of their own, for braces are placeholders."""
    text, markdown = plain(pages[rule.id]["text"]), pages[rule.id]["markdown"]

    assert all(line in text for line in paragraphs(rule.limits))
    assert all(f"- {symptom}" in text for symptom in rule.symptoms)
    assert all(line.strip() in text for line in rule.when.text.strip().split("\n"))
    titles = [title for title in re.findall("^## (.+)$", markdown, re.MULTILINE) if title != "References"]
    assert {"How it comes about", "When it holds"} < set(titles)
    assert [title for title in titles if f"{title}:\n\n" not in text] == []
    assert f"`build-doctor explain {rule.id}`" in markdown
    assert markdown.count("](https://") == len(rule.references)
    assert "⟨" not in markdown


def test_the_description_of_a_rule_is_the_same_for_each_of_its_findings(canned: Any) -> None:
    """Code scanning keeps one description for all alerts of a rule."""
    rule = next(one for one in RULES if one.id == "supported-suffix-consumes-target")
    report = about(canned, rule)
    other = replace(report.findings[0], title="Another feature", why="Another reason.", limits="Another limit.")

    assert described(report) == described(replace(report, findings=(other,)))


def test_a_rule_that_is_not_at_hand_is_told_by_its_first_finding(canned: Any) -> None:
    """A saved report that is only read, and a contract."""
    (part,) = described(replace(canned.NVFP4, findings=canned.NVFP4.findings[:1]))

    assert all(line in plain(part["help"]["text"]) for line in paragraphs(canned.NVFP4.findings[0].why))
    assert "## How it comes about" in part["help"]["markdown"]


@pytest.mark.parametrize("name", NOTICE_PAGES)
def test_what_is_no_rule_has_its_page_too(name: str, canned: Any) -> None:
    """About the settings and the contract."""
    (part,) = described(replace(canned.NVFP4, findings=(replace(canned.NVFP4.findings[0], rule=name),)))

    assert NOTICE_PAGES[name].todo in plain(part["help"]["text"])


def test_a_rule_has_an_address_only_where_the_project_names_one(canned: Any) -> None:
    assert all("helpUri" not in part for part in described(canned.NVFP4))

    named = described(replace(canned.NVFP4, rule_pages=PAGES))

    assert [part["helpUri"] for part in named] == [f"https://ci.example.org/rules/{part['id']}.md" for part in named]


def test_no_name_of_a_rule_leads_to_another_address(canned: Any) -> None:
    """A saved report may call a rule anything."""
    finding = replace(canned.NVFP4.findings[0], rule="../../x y?#@evil.org/")

    (part,) = described(replace(canned.NVFP4, findings=(finding,), rule_pages=PAGES))

    assert part["helpUri"] == "https://ci.example.org/rules/..%2F..%2Fx%20y%3F%23%40evil.org%2F.md"


def read(pages: object) -> tuple[str, list[str]]:
    settings, mistakes = read_settings({"sarif": {"rule_pages": pages}}, lambda path: "/".join(map(str, path)))
    return settings.rule_pages, [f"{'/'.join(map(str, one.path))}: {one.message}" for one in mistakes]


@pytest.mark.parametrize(
    "pages",
    [
        "https://ci.example.org/rules/{rule}.md",
        "https://ci.example.org/rules.html#{rule}",
        "http://localhost:8080/?page={rule}&lang=en",
        "http://[::1]/{rule}",
        "file:///srv/doc/rules/{rule}.md",
        "HTTPS://ci.example.org/%7Eme/{rule}",
    ],
)
def test_an_address_of_pages_is_taken_as_it_is(pages: str) -> None:
    assert read(pages) == (pages, [])


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        pytest.param("https://ci.example.org/rules.md", "the address names the rule once, as {rule}", id="no rule"),
        pytest.param("https://a.org/{rule}/{rule}", "the address names the rule once, as {rule}", id="two rules"),
        pytest.param("javascript:alert({rule})", "is no address that begins with", id="a script"),
        pytest.param("data:text/html,{rule}", "is no address that begins with", id="data"),
        pytest.param("//a.org/{rule}", "is no address that begins with", id="no scheme"),
        pytest.param("https://{rule}", "is no address that begins with", id="the rule as part of a host"),
        pytest.param("https://known.org@other.org/{rule}", "is no address that begins with", id="a user"),
        pytest.param("https://a.org/a b/{rule}", "is no address that begins with", id="a space"),
        pytest.param("https://a.org/\n{rule}", "is no address that begins with", id="a line end"),
        pytest.param("https://a.org/{x}/{rule}", "is no address that begins with", id="another brace"),
        pytest.param("https://a.org/<b>{rule}", "is no address that begins with", id="markup"),
        pytest.param("file://host/{rule}", "is no address that begins with", id="a file of another host"),
        pytest.param(f"https://a.org/{'x' * 500}/{{rule}}", "the address has 521 characters; 500 are allowed", id="a long one"),
        pytest.param("", "the address names the rule once", id="nothing"),
        pytest.param(3, "expected text, found", id="a number"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_at_its_key(pages: object, sentence: str) -> None:
    found, mistakes = read(pages)

    assert found == ""
    assert len(mistakes) == 1
    assert mistakes[0].startswith("sarif/rule_pages: ")
    assert sentence in mistakes[0]


def test_a_key_that_there_is_not_is_told() -> None:
    _, mistakes = read_settings({"sarif": {"rule_page": "x"}}, str)

    assert [one.message for one in mistakes] == ["'rule_page' is not a key of sarif; did you mean 'rule_pages'?"]
