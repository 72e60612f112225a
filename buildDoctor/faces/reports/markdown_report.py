"""A whole report as Markdown: one block to paste beneath an issue, with nothing in it that tells whose machine it is.

GitHub takes 65,536 characters in a comment. What does not fit is left out from the end of the findings on, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from buildDoctor import __version__
from buildDoctor.core.findings import Finding
from buildDoctor.core.redaction import Names, redacted, redactor, texts_in
from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.reports.markdown import finding_markdown
from buildDoctor.faces.reports.markdown_text import code, escaped
from buildDoctor.faces.wording import check_words, fact_words
from buildDoctor.faces.wording.package_words import package_table

MOST_CHARACTERS = 65_000
"""A little below what GitHub takes, for whoever adds a sentence."""
_MOST_EVIDENCE = 12
_MOST_ROWS = 40
_MOST_RULES = 4
"""Rules that are named for one reason why they cannot tell."""
_LONGEST_VALUE = 400
_FOR_FACTS = 20_000
"""What the facts below the findings may take at most."""


def render(report: Report, names: Names) -> str:
    """The report, ending in a line end, in at most `MOST_CHARACTERS` characters.

    Args:
        report: what is said.
        names: what this machine and its user are called, to be left out.
    """
    told = _without_long_lists(report)
    report = redacted(told, redactor(names, texts_in(told)))
    head = _head(report)
    facts = _within(_facts(report), _FOR_FACTS)
    tail = f"<sub>build-doctor {__version__}; home folders, user names and host names are left out.</sub>\n"
    left = MOST_CHARACTERS - sum(map(len, (head, facts, tail))) - 400
    return head + "".join(_findings(report, left)) + facts + tail


def _without_long_lists(report: Report) -> Report:
    """The report without what no part of it shows: lists of kernels and symbols have a hundred thousand names."""
    binaries = report.evidence.binaries
    if binaries is None:
        return report
    short = tuple(
        replace(
            binary,
            kernels=None,
            units=None,
            other_sections=None,
            host=replace(binary.host, symbols=None, undefined=None, own_undefined=None, entry_points=None)
            if binary.host
            else None,
        )
        for binary in binaries
    )
    return replace(report, evidence=replace(report.evidence, binaries=short))


def _head(report: Report) -> str:
    examined = ", ".join(code(_cut(wording.visible(target))) for target in report.targets[:_MOST_ROWS])
    lines = [f"## {escaped(_cut(wording.verdict(report)))}"]
    lines += [f"Examined: {examined}"] if examined else []
    return "\n\n".join([*lines, escaped(wording.summary(report))]) + "\n\n"


def _findings(report: Report, room: int) -> Iterator[str]:
    """The findings that fit: those that stand by themselves whole, as long as they do, then by their titles, then by their number."""
    order = wording.entries(report)
    for at, entry in enumerate(order):
        forms = (_short,) if entry.depth else (_whole, _short)
        text = next((text for form in forms if len(text := form(entry.finding)) <= room), None)
        if text is None:
            left = wording.counted(len(order) - at, "more finding")
            yield f"**{left} left out, to stay below the length that GitHub takes.**\n\n"
            return
        room -= len(text)
        yield text


def _whole(finding: Finding) -> str:
    return finding_markdown(finding, most=_MOST_EVIDENCE) + "\n"


def _short(finding: Finding) -> str:
    """A finding that another explains, or that is too long to be told whole."""
    cause = wording.explained_line(finding) or "the rest is left out for its length"
    title = escaped(_cut(finding.title))
    return f"### {wording.severity_words(finding.severity)}: {title}\n\nRule `{finding.rule}`, {escaped(cause)}\n\n"


def _facts(report: Report) -> Iterator[str]:
    """The sections below the findings, each a list of lines beneath its name."""
    evidence = report.evidence
    yield from _section(
        "What was checked", (f"- {escaped(_cut(line))}" for line in check_words.short_check_lines(report))
    )
    yield from _section("Machine", _lines(fact_words.machine_facts(evidence)))
    yield from _section("Model", _lines(fact_words.model_facts(evidence.model)))
    yield from _section("Loader", _lines(fact_words.loader_facts(evidence.loader)))
    yield from _section("Build plan", _lines(fact_words.plan_facts(evidence.plan)))
    files = ((wording.visible(one.path or ""), fact_words.binary_facts(one)) for one in evidence.binaries or ())
    yield from _section("Shared objects", (f"- {code(_cut(path))}: {escaped(_cut(said))}" for path, said in files))
    yield from _section("Packages with device code", _packages(report))
    yield from _section("Not examined", (_gap(path, reason) for path, reason in wording.not_seen_lines(report)))
    yield from _section("Rules that cannot tell", _undecided(report))
    yield from _section(
        "Suppressed by the settings", (f"- {escaped(_cut(line))}" for line in wording.suppressed_lines(report))
    )


def _packages(report: Report) -> Iterator[str]:
    """What each package of the environment is to each GPU."""
    heads, *rows = package_table(report.evidence) or ((),)
    for name, *cells in rows:
        served = (f"{head} {cell}" for head, cell in zip(heads[1:], cells, strict=True))
        yield f"- {escaped(_cut(name))}: {escaped(_cut(', '.join(served)))}"


def _undecided(report: Report) -> Iterator[str]:
    """The reasons, each with the rules that cannot tell for it."""
    by_reason: dict[str, list[str]] = {}
    for one in report.undecided:
        by_reason.setdefault(check_words.undecided_reason(one.why), []).append(one.rule)
    for why, rules in by_reason.items():
        named = ", ".join(code(wording.visible(rule)) for rule in rules[:_MOST_RULES])
        more = f" and {len(rules) - _MOST_RULES} more" if len(rules) > _MOST_RULES else ""
        yield f"- {escaped(_cut(why))}: {named}{more}"


def _lines(facts: Iterable[fact_words.Fact]) -> Iterator[str]:
    yield from (f"- {escaped(name)}: {escaped(_cut(value))}" for name, value in facts)


def _gap(what: str, why: str) -> str:
    return f"- {code(_cut(what))}: {escaped(_cut(why))}"


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    taken = list(lines)
    if not taken:
        return
    left = len(taken) - _MOST_ROWS
    shown = [*taken[:_MOST_ROWS], *([f"- and {left} more"] if left > 0 else [])]
    yield f"### {name}\n\n" + "\n".join(shown) + "\n\n"


def _within(sections: Iterable[str], room: int) -> str:
    """The sections that fit; those that do not are named."""
    taken: list[str] = []
    cut: list[str] = []
    for section in sections:
        if len(section) <= room:
            room -= len(section)
            taken.append(section)
        else:
            cut.append(section.partition("\n")[0].removeprefix("### "))
    if cut:
        taken.append(f"**Left out for their length: {', '.join(cut)}.**\n\n")
    return "".join(taken)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
