"""The report as SARIF 2.1.0, for code scanning.

Section numbers are those of the standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from buildDoctor import __version__
from buildDoctor.core.findings import Finding, Fix, Outcome
from buildDoctor.core.fingerprints import VERSION, fingerprints
from buildDoctor.core.report import Report, says_something
from buildDoctor.faces import wording
from buildDoctor.faces.reports.locations import Place, in_tree, places_of
from buildDoctor.faces.reports.sarif_changes import changes_of

Part = dict[str, Any]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_BEYOND_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte of a file name."""
_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)", re.ASCII)


def render(report: Report) -> str:
    """The document as text, two spaces deep, with a newline at its end."""
    nothing = not says_something(report)
    notes = [_note("note", f"{missing.path}: {missing.reason}") for missing in report.evidence.not_seen]
    notes += [_note("note", f"{one.rule} cannot tell: {one.why}", one.rule) for one in report.undecided]
    marks = fingerprints(report.findings, report.evidence)
    rules = list(dict.fromkeys(finding.rule for finding in report.findings))
    run = _run([_note("error", report.verdict)] if nothing else notes, successful=not nothing)
    run["tool"]["driver"]["rules"] = [_rule(next(f for f in report.findings if f.rule == rule)) for rule in rules]
    run["results"] = [
        _result(finding, mark, rules.index(finding.rule), report)
        for finding, mark in zip(report.findings, marks, strict=True)
    ]
    return _text(run)


def render_error(message: str) -> str:
    """The answer to a request that is wrong: a run that did not succeed (3.20.14)."""
    return _text({**_run([_note("error", message)], successful=False), "results": []})


def _text(run: Part) -> str:
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{msgspec.json.format(msgspec.json.encode(log), indent=2).decode()}\n"


def _run(notes: Iterable[Part], *, successful: bool) -> Part:
    driver = {"name": "build-doctor", "semanticVersion": __version__, "rules": []}
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which build-doctor ran."}}},
        "invocations": [{"executionSuccessful": successful, "toolExecutionNotifications": list(notes)}],
    }


def _note(level: str, text: str, rule: str = "") -> Part:
    """Something about the run itself (3.58)."""
    about = {"associatedRule": {"id": wording.visible(rule)}} if rule else {}
    return {"level": level, "message": _message(text), **about}


def _rule(finding: Finding) -> Part:
    """A rule, as the first of its findings tells it (3.49)."""
    why, limits = wording.paragraphs(finding.why), wording.paragraphs(finding.limits)
    page = f"build-doctor explain {finding.rule}"
    help_text = "\n\n".join([*why, *(["When it may be wrong:", *limits] if limits else []), f"The whole page: {page}"])
    links = [link for reference in finding.references if (link := _link(reference))]
    return {
        "id": wording.visible(finding.rule),
        "shortDescription": _message(finding.rule.replace("-", " ")),
        "fullDescription": _message(why[0] if why else finding.title),
        "help": _message(help_text),
        **({"helpUri": links[0]} if links else {}),
        "defaultConfiguration": {"level": finding.severity.value},
        "properties": {"tags": [wording.visible(finding.family)], "precision": _PRECISION[finding.confidence.value]},
    }


_PRECISION = {"certain": "very-high", "likely": "high", "possible": "medium"}
"""In the words of code scanning."""


def _link(reference: str) -> str:
    """The address of a reference; empty when it has none."""
    if reference.startswith("https://") and " " not in reference:
        return quote(reference, safe=":/?#[]@!$&'()*+,;=%~")
    thread = _THREAD.fullmatch(reference)
    return f"https://github.com/{thread[1]}/issues/{thread[2]}" if thread else ""


def _result(finding: Finding, mark: str, rule: int, report: Report) -> Part:
    """A finding (3.27)."""
    first, *others = places_of(finding, report)
    fixes = [_fix(fix, report) for fix in wording.ordered_fixes(finding) if _is_offered(fix)]
    return {
        "ruleId": wording.visible(finding.rule),
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": _message(_words(finding)),
        "locations": [{**_location(first), "logicalLocations": [_subject(finding)]}],
        **({"relatedLocations": [{"id": at, **_location(one)} for at, one in enumerate(others, 1)]} if others else {}),
        "partialFingerprints": {f"buildDoctor/{VERSION}": mark},
        **({"baselineState": "new"} if report.baseline else {}),
        **({"fixes": fixes} if fixes else {}),
        "properties": {"confidence": finding.confidence.value, "family": wording.visible(finding.family)},
    }


def _words(finding: Finding) -> str:
    """What is wrong, the mechanism in short, and what helps."""
    why = wording.paragraphs(finding.why)[:1]
    fix = wording.best_fix(finding)
    cause = wording.explained_line(finding)
    help_lines = [f"{wording.trial_words(fix.trial)}: {wording.visible(fix.title)}."] if fix else []
    return "\n\n".join([f"{wording.visible(finding.title)}.", *why, *([f"{cause}."] if cause else []), *help_lines])


def _subject(finding: Finding) -> Part:
    return {"fullyQualifiedName": wording.visible(f"{finding.rule}/{finding.subject}")}


def _location(place: Place) -> Part:
    region = {} if place.line is None else {"region": {"startLine": place.line}}
    return {"physicalLocation": {"artifactLocation": _artifact(place.file), **region}}


def _artifact(file: str) -> Part:
    """A file (3.4): from the folder of the run, or from the root."""
    path = quote(_BEYOND_BYTES.sub("?", file).encode(errors="surrogateescape"), safe="/")
    return {"uri": f"file://{path}"} if file.startswith("/") else {"uri": path, "uriBaseId": _ROOT}


def _is_offered(fix: Fix) -> bool:
    """A tool may apply it unread, so that only a change that was proven here is handed over."""
    return bool(fix.patch) and fix.trial.outcome is Outcome.PROVEN and not fix.trial.claimed


def _fix(fix: Fix, report: Report) -> Part:
    """A fix (3.55)."""
    changes = [
        {"artifactLocation": _artifact(in_tree(one.file, report)), "replacements": one.replacements}
        for one in changes_of(fix.patch or "")
    ]
    return {"description": _message(f"{wording.trial_words(fix.trial)}: {fix.title}"), "artifactChanges": changes}


def _message(text: str) -> Part:
    """A plain text message (3.11): braces would be placeholders, brackets before parentheses links."""
    shown = wording.visible(text, lines=True).replace("{", "{{").replace("}", "}}")
    return {"text": shown.replace("](", "] (") or "–"}  # noqa: RUF001  a dash: no message may be empty
