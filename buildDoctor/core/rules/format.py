"""From a parsed rule file to a rule, with every mistake found at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Log
from buildDoctor.core.findings import Confidence, Safety, Severity
from buildDoctor.core.language import (
    LanguageError,
    Record,
    Template,
    compile_expression,
    fields_of,
)
from buildDoctor.core.language.globs import MAX_PATTERN
from buildDoctor.core.later import Later
from buildDoctor.core.logs.reading import read_log
from buildDoctor.core.logs.symptoms import Symptom, refusal_of
from buildDoctor.core.rules.layers import Layer
from buildDoctor.core.rules.loops import keys_of, read_loops
from buildDoctor.core.rules.rule import Example, Expectation, FixTemplate, ListEdit, Rule
from buildDoctor.core.rules.table import Mistake, Names, Table, in_words
from buildDoctor.core.rules.together import read_together

SCHEMA = 1

NEEDED = ("schema", "id", "title", "severity", "confidence", "family", "when", "why", "limits")
RULE_KEYS = (
    *NEEDED,
    "summary",
    "layer",
    "references",
    "symptoms",
    "benign",
    "for_each",
    "together",
    "explains",
    "features",
    "replaces",
    "fix",
    "example",
)
ACTIONS = ("edit", "set_request", "set_toolkit", "set_environment", "command", "text")
FIX_KEYS = ("title", "for_each", "when", *ACTIONS, "safety", "verify")
_EDIT_KEYS = ("at", "remove", "add")
EXAMPLE_KEYS = ("name", "expect", "evidence", "log", "says")

KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REFERENCE = re.compile(r"[\w.-]+/[\w.-]+#\d+|https://\S+", re.ASCII)
_Part = TypeVar("_Part")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class RuleFormatError(ValueError):
    """A rule that is not written as rules are.

    Args:
        mistakes: Everything that is wrong with it.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.message for mistake in self.mistakes))


def read_rule(data: Mapping[str, object], *, stem: str | None = None, origin: str = "", proven: bool = False) -> Rule:
    """The rule that a parsed TOML file says.

    Args:
        data: The parsed file.
        stem: The file's name without `.toml`, which the rule's id has to be; `None` when there is no file.
        origin: The file, for the rule to remember.
        proven: Whether a test has found no mistake in it: then texts, fixes and examples are read when they are used.

    Raises:
        RuleFormatError: it has mistakes.
    """
    table = Table("a rule", data, RULE_KEYS, proven=proven)
    table.require(*(key for key in NEEDED if key != "schema"))
    _check_schema(table)
    loops, names = read_loops(table, {})
    together, told = read_together(table, loops, names)
    rule = Rule(
        id=_id(table, stem),
        title=table.template("title", told),
        severity=table.choice("severity", Severity),
        confidence=table.choice("confidence", Confidence),
        family=_kebab_case(table, "family"),
        when=table.condition("when", names),
        why=table.template("why", told),
        limits=table.text("limits").strip(),
        loops=loops,
        together=together,
        explains=_explains(table),
        summary=_summary(table),
        features=_features(table),
        references=_references(table),
        layer=table.choice("layer", Layer) if table.has("layer") else None,
        symptoms=_symptoms(table),
        benign=table.truth("benign"),
        fixes=_now_or_later(table, lambda: tuple(_fix(fix, told) for fix in table.tables("fix", "a fix", FIX_KEYS))),
        examples=_now_or_later(table, lambda: _examples(table)),
        replaces=table.truth("replaces"),
        origin=origin,
    )
    if table.mistakes:
        raise RuleFormatError(table.mistakes)
    return rule


def _now_or_later(table: Table, make: Callable[[], tuple[_Part, ...]]) -> Sequence[_Part]:
    """The parts; of a rule that is known to be right, when they are first looked at."""

    def later() -> tuple[_Part, ...]:
        made = make()
        if table.mistakes:
            raise RequestError(f"a built-in rule is broken: {table.mistakes[0].message}; run build-doctor rules check")
        return made

    return Later(later) if table.proven else make()


def _check_schema(table: Table) -> None:
    if not table.has("schema"):
        table.wrong(None, f"a rule needs the key 'schema': write schema = {SCHEMA}")
    value = table.data.get("schema", SCHEMA)
    if value != SCHEMA or isinstance(value, bool):
        found = value if isinstance(value, int) and not isinstance(value, bool) else in_words(value)
        table.wrong("schema", f"this build-doctor reads rules of schema {SCHEMA}, not {found}")


def _id(table: Table, stem: str | None) -> str:
    name = _kebab_case(table, "id")
    if name and stem is not None and name != stem:
        table.wrong("id", f"the id is {name!r} but the file is {stem}.toml; both must be the same")
    return name


def _kebab_case(table: Table, key: str) -> str:
    text = table.text(key)
    if isinstance(table.data.get(key), str) and not KEBAB_CASE.fullmatch(text):
        table.wrong(key, f"{text!r} is not in kebab-case: small letters and digits, joined by '-'")
    return text


def _explains(table: Table) -> tuple[str, ...]:
    explains = table.texts("explains")
    if table.data.get("id") in explains:
        table.wrong("explains", "a rule cannot explain itself")
    return explains


def _summary(table: Table) -> str:
    text = table.text("summary")
    if "{" in text or "\n" in text.strip():
        table.wrong("summary", "a summary is one line in plain words: nothing in it is filled in")
    return text.strip()


def _features(table: Table) -> tuple[str, ...]:
    patterns = table.texts("features")
    for at, pattern in enumerate(patterns):
        if len(pattern) > MAX_PATTERN:
            message = f"the pattern has {len(pattern)} characters; {MAX_PATTERN} are allowed"
            table.mistakes.append(Mistake(("features", at), message))
    return patterns


def _references(table: Table) -> tuple[str, ...]:
    references = table.texts("references")
    for at, reference in enumerate(references):
        if not _REFERENCE.fullmatch(reference):
            message = f"{reference!r} is no reference: write owner/repo#number or an https:// address"
            table.mistakes.append(Mistake(("references", at), message))
    return references


def _symptoms(table: Table) -> tuple[str, ...]:
    symptoms = table.texts("symptoms")
    if not table.proven:
        for at, text in enumerate(symptoms):
            if refusal := refusal_of(text):
                table.mistakes.append(Mistake(("symptoms", at), refusal))
    if table.has("benign") and not symptoms:
        table.wrong("benign", "benign says of symptoms that they are harmless; this rule has none")
    return symptoms


def _fix(table: Table, outer: Names) -> FixTemplate:
    table.require("title")
    loops, names = read_loops(table, outer)
    _check_one_action(table)

    def optional(key: str) -> Template | None:
        return table.template(key, names) if table.has(key) else None

    return FixTemplate(
        title=table.template("title", names),
        loops=loops,
        when=table.condition("when", names) if table.has("when") else None,
        edit=_edit(table, names) if table.has("edit") else None,
        set_request=optional("set_request"),
        set_toolkit=optional("set_toolkit"),
        set_environment=_environment(table, names),
        command=optional("command"),
        text=optional("text"),
        safety=table.choice("safety", Safety) if table.has("safety") else Safety.DISPLAY,
        verify=optional("verify"),
    )


def _check_one_action(table: Table) -> None:
    found = [key for key in ACTIONS if table.has(key)]
    if len(found) != 1:
        says = f"it has {' and '.join(found)}" if found else "it has none"
        table.wrong(None, f"a fix has exactly one of {', '.join(ACTIONS)}; {says}")


def _edit(fix: Table, names: Names) -> ListEdit:
    table = fix.table("edit", "an edit", _EDIT_KEYS)
    table.require("at")
    if not table.has("remove") and not table.has("add"):
        table.wrong(None, "an edit needs 'remove' or 'add'")
    _check_place(table)
    return ListEdit(
        at=table.text("at").strip(),
        remove=table.templates("remove", names),
        add=table.templates("add", names),
    )


def _check_place(table: Table) -> None:
    """Note an `at` that does not say which line of which file to edit."""
    if not isinstance(table.data.get("at"), str):
        table.text("at")
        return
    try:
        kind = compile_expression(table.text("at")).type
    except LanguageError as error:
        table.mistakes.append(Mistake((*table.path, "at"), error.message, error.line, error.column))
        return
    if not isinstance(kind, Record) or not {"file", "line"} <= set(fields_of(kind.of)):
        table.wrong("at", f"expected evidence that has a file and a line, such as plan.supported; this is {kind.words}")


def _environment(fix: Table, names: Names) -> tuple[tuple[str, Template], ...]:
    table = fix.table("set_environment", "set_environment", tuple(keys_of(fix, "set_environment")))
    for name in table.data:
        if not _VARIABLE.fullmatch(name):
            table.wrong(name, f"{name!r} cannot be the name of an environment variable")
    return tuple((name, table.template(name, names)) for name in table.data)


def _examples(rule: Table) -> tuple[Example, ...]:
    before = len(rule.mistakes)
    owner, benign = (rule.text("id"),), rule.truth("benign")
    symptoms = [Symptom(text=text, rules=owner, benign=benign) for text in rule.texts("symptoms")]
    examples = tuple(_example(table, symptoms) for table in rule.tables("example", "an example", EXAMPLE_KEYS))
    names = [example.name for example in examples]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        rule.wrong("example", f"two examples are named {name!r}")
    shown = {example.expect for example in examples}
    absent = [str(kind) for kind in Expectation if kind not in shown]
    if absent and len(rule.mistakes) == before:
        key = "example" if rule.has("example") else None
        rule.wrong(key, f"a rule proves itself by examples of each answer; none expects {' or '.join(absent)}")
    return examples


def _log(example: Table, symptoms: Sequence[Symptom]) -> Log:
    """What the symptoms find in the log of an example."""
    log, _passed_over = read_log([example.text("log").encode(errors="replace")], symptoms, "example.log")
    return log


def _example(table: Table, symptoms: Sequence[Symptom]) -> Example:
    table.require("name", "expect")
    evidence = table.data.get("evidence", {})
    if isinstance(evidence, str) and not evidence.endswith(".json"):
        table.wrong("evidence", f"expected a file that ends in .json, found {evidence!r}")
    elif not isinstance(evidence, str | dict):
        table.wrong("evidence", f"expected a table or the name of a .json file, found {in_words(evidence)}")
    expect = table.choice("expect", Expectation)
    if table.has("says") and expect is not Expectation.HOLDS:
        table.wrong("says", "a rule says something only where it holds")
    return Example(
        name=table.text("name"),
        expect=expect,
        evidence_file=evidence if isinstance(evidence, str) else None,
        evidence=dict(evidence) if isinstance(evidence, dict) else None,
        log=_log(table, symptoms) if table.has("log") else None,
        says=table.text("says"),
    )
