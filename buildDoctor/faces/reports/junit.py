"""The report as JUnit XML, in the shape that Jenkins, GitLab and their like read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from buildDoctor.core.contracts.contract import Answer, Cell, Checked, State
from buildDoctor.core.findings import Finding, Severity
from buildDoctor.core.report import Report, says_something
from buildDoctor.faces import wording
from buildDoctor.faces.wording.contract_words import cell_words

_SEVERITIES = tuple(Severity)
Case = tuple[str, str, str]
"""Its line, and whether it is a `failure`, an `error`, `skipped`, or nothing of that; and its suite."""


def render(report: Report, *, fail_on: str = "error") -> str:
    """The document as text.

    Args:
        report: what is said.
        fail_on: the lowest severity that is a failure; what is below it passes, with its text as output.
    """
    if report.contract is not None:
        return _document(list(_of_contract(report.contract)))
    if not says_something(report):
        return render_error(report.verdict)
    return _document([*_of_findings(report, fail_on), *_of_rules(report)] or [_case("findings", "none", "")])


def render_error(message: str) -> str:
    """The answer to a request that is wrong, or where nothing could be examined: one case that could not run."""
    return _document(
        [_case("request", "build-doctor", _element("error", "error", message.split("\n", maxsplit=1)[0], message))]
    )


def _of_findings(report: Report, fail_on: str) -> Iterator[Case]:
    failing = () if fail_on == "never" else _SEVERITIES[: _SEVERITIES.index(Severity(fail_on)) + 1]
    for finding in report.findings:
        name = f"{finding.rule} ({finding.subject})" if finding.subject else finding.rule
        text = _words(finding)
        if finding.severity in failing:
            inside = _element("failure", finding.severity.value, finding.title, text)
        else:
            inside = f"<system-out>{_inside(text)}</system-out>"
        yield _case(finding.family, name, inside)


def _of_rules(report: Report) -> Iterator[Case]:
    """The rules that cannot tell: neither passed nor failed."""
    for one in report.undecided:
        yield _case("cannot tell", one.rule, f"<skipped message={_attribute(one.why)}/>")


def _of_contract(contract: Checked) -> Iterator[Case]:
    """A case for each requirement and capability."""
    for answer in contract.requirements:
        for cell in answer.cells:
            name = f"{answer.kernel} on {cell.capability} ({answer.mode}, {answer.place})"
            yield _case(f"{contract.file}: {answer.kernel}", name, _of_cell(answer, cell))


def _of_cell(answer: Answer, cell: Cell) -> str:
    if cell.state is State.FULFILLED:
        return ""
    message = cell_words(answer, cell)
    return _element("failure", cell.state.value, message, f"{answer.place}: {message}")


def _words(finding: Finding) -> str:
    lines = [f"{finding.title}.", *wording.paragraphs(finding.why)[:1], "How we know:"]
    lines += [f"- {wording.evidence_line(item)} ({wording.source_line(item)})" for item in finding.evidence]
    fix = wording.best_fix(finding)
    return "\n".join([*lines, *([f"{wording.trial_words(fix.trial)}: {fix.title}"] if fix else [])])


def _case(suite: str, name: str, inside: str) -> Case:
    head = f"<testcase classname={_attribute(suite)} name={_attribute(name)}"
    return (f"{head}>{inside}</testcase>" if inside else f"{head}/>"), inside[1:].partition(" ")[0], suite


def _document(cases: list[Case]) -> str:
    suites = []
    # The most severe findings come first, so those of one family may lie apart; readers take a suite's last one for all.
    for suite, inside in _by_suite(cases).items():
        lines = "\n".join(f"    {line}" for line, _kind, _suite in inside)
        suites.append(f"  <testsuite name={_attribute(suite)} {_counts(inside)}>\n{lines}\n  </testsuite>")
    whole = "\n".join(suites)
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="build-doctor" {_counts(cases)}>'
    return f"{head}\n{whole}\n</testsuites>\n"


def _by_suite(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each suite, in the order in which the suites are first met."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(case[2], []).append(case)
    return found


def _counts(cases: Iterable[Case]) -> str:
    kinds = [kind for _line, kind, _suite in cases]
    failed, broken, skipped = (kinds.count(kind) for kind in ("failure", "error", "skipped"))
    return f'tests="{len(kinds)}" failures="{failed}" errors="{broken}" skipped="{skipped}"'


def _element(tag: str, kind: str, message: str, text: str) -> str:
    return f"<{tag} type={_attribute(kind)} message={_attribute(message)}>{_inside(text)}</{tag}>"


def _attribute(text: str) -> str:
    return quoteattr(wording.visible(text))


def _inside(text: str) -> str:
    return escape(wording.visible(text, lines=True))
