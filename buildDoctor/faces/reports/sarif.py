"""The report as SARIF 2.1.0, for code scanning.

Section numbers are those of the standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from buildDoctor import __version__
from buildDoctor.core.findings import Finding, Fix, Outcome
from buildDoctor.core.fingerprints import VERSION, fingerprints
from buildDoctor.core.report import Report, says_something
from buildDoctor.faces import wording
from buildDoctor.faces.reports.locations import Place, in_tree, places_of
from buildDoctor.faces.reports.sarif_changes import changes_of
from buildDoctor.faces.reports.sarif_rules import described
from buildDoctor.faces.reports.sarif_words import Part, message

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
_BEYOND_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte of a file name."""


def render(report: Report) -> str:
    """The document as text, two spaces deep, with a newline at its end."""
    nothing = not says_something(report)
    notes = [_note("note", f"{missing.path}: {missing.reason}") for missing in report.evidence.not_seen]
    notes += [_note("note", f"{one.rule} cannot tell: {one.why}", one.rule) for one in report.undecided]
    marks = fingerprints(report.findings, report.evidence)
    rules = list(dict.fromkeys(finding.rule for finding in report.findings))
    run = _run([_note("error", report.verdict)] if nothing else notes, successful=not nothing)
    run["tool"]["driver"]["rules"] = [
        described(next(f for f in report.findings if f.rule == rule), report) for rule in rules
    ]
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
    return {"level": level, "message": message(text), **about}


def _result(finding: Finding, mark: str, rule: int, report: Report) -> Part:
    """A finding (3.27)."""
    first, *others = places_of(finding, report)
    fixes = [_fix(fix, report) for fix in wording.ordered_fixes(finding) if _is_offered(fix)]
    return {
        "ruleId": wording.visible(finding.rule),
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": message(_words(finding)),
        "locations": [{**_location(first), "logicalLocations": [_subject(finding)]}],
        **({"relatedLocations": [{"id": at, **_location(one)} for at, one in enumerate(others, 1)]} if others else {}),
        "partialFingerprints": {f"buildDoctor/{VERSION}": mark},
        **({"baselineState": "new"} if report.baseline else {}),
        **({"fixes": fixes} if fixes else {}),
        "properties": {"confidence": finding.confidence.value, "family": wording.visible(finding.family)},
    }


def _words(finding: Finding) -> str:
    """What is wrong, how it came about, and what helps."""
    why = wording.paragraphs(finding.why)
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
    return {"description": message(f"{wording.trial_words(fix.trial)}: {fix.title}"), "artifactChanges": changes}
