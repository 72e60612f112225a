"""The rules of an examination: from every place they come from, with what the settings and options say about them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.rule_files import LoadedRules, load_rules
from buildDoctor.adapters.rule_packs import rule_packs
from buildDoctor.adapters.rule_sources import RuleSource, project_source, user_source
from buildDoctor.adapters.settings import LoadedSettings, load_settings, today
from buildDoctor.adapters.toml_files import FileProblem
from buildDoctor.core.errors import RequestError
from buildDoctor.core.language import nearest
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.rules.table import Mistake
from buildDoctor.core.settings import Settings, SeverityChange, unknown_names
from buildDoctor.examine.options import Options

ON = "on"


class Rulebook(Struct, frozen=True, kw_only=True):
    """The rules, and what is said about them."""

    loaded: LoadedRules
    """All rules that there are, each with its own severity."""
    settings: Settings
    """What the project says."""
    rules: tuple[Rule, ...]
    """The rules to run, with the severity that the project gives them."""
    states: dict[str, str]
    """For each rule whether it runs, and what keeps it from that or changes it."""
    day: str
    """The day to count suppressions by, as `2026-12-31`."""


def rulebook_of(options: Options, *, thorough: bool = False) -> Rulebook:
    """The rules that the user wants, in their order.

    Args:
        options: What the user asks for.
        thorough: Whether the built-in rules are checked as well.

    Raises:
        RequestError: a rule file or the settings have mistakes, or a rule that is named does not exist.
    """
    problems: list[FileProblem] = []
    loaded = load_rules(options.rules, sources=sources_of(options, problems), thorough=thorough)
    found = LoadedSettings() if options.isolated else load_settings(project_of(options))
    settings = found.settings
    problems += [*found.problems, *loaded.problems, *found.placed(_unknown_in(settings, loaded.rules))]
    mistakes = [*map(str, problems), *_unknown(options, loaded.rules)]
    if mistakes:
        raise RequestError("\n".join(mistakes))
    states = {rule.id: _state(rule, options, settings) for rule in loaded.rules}
    rules = tuple(_changed(rule, settings) for rule in loaded.rules if states[rule.id].startswith(ON))
    return Rulebook(loaded=loaded, settings=settings, rules=rules, states=states, day=today())


def project_of(options: Options) -> Path:
    """The folder whose settings and rules count: the source tree, else the first folder that is examined, else this one."""
    if options.source:
        return Path(options.source)
    return next((Path(target) for target in options.targets if Path(target).is_dir()), Path())


def sources_of(options: Options, problems: list[FileProblem]) -> tuple[RuleSource, ...]:
    """The places of rules between the built-in ones and those of `--rules`, the farthest from the user first."""
    if options.isolated:
        return ()
    return tuple(filter(None, (*rule_packs(problems), user_source(), project_source(project_of(options)))))


def _unknown_in(settings: Settings, rules: tuple[Rule, ...]) -> list[Mistake]:
    """The names of rules in the settings that do not exist."""
    return unknown_names(settings, frozenset(rule.id for rule in rules), frozenset(rule.family for rule in rules))


def _unknown(options: Options, rules: Iterable[Rule]) -> list[str]:
    """One line for each name of a rule that was typed and does not exist."""
    both = sorted({name for rule in rules for name in (rule.id, rule.family)})
    return [
        f"there is no rule or family of rules called {name}{_near(name, both)}"
        for name in (*options.select, *options.ignore)
        if name not in both
    ]


def _state(rule: Rule, options: Options, settings: Settings) -> str:
    """Whether a rule runs. What is typed counts before what stands in a file."""
    names = {rule.id, rule.family}
    if names & set(options.ignore):
        return "ignored by --ignore"
    if options.select and not names & set(options.select):
        return "not selected by --select"
    if settings.select and not options.select and not any(one.name in names for one in settings.select):
        return f"not selected by {settings.select[0].place}"
    by = next((one for one in settings.ignore if one.name in names), None)
    if by is not None and rule.id not in options.select:
        return f"ignored by {by.place}"
    change = _change(rule, settings)
    if change is not None:
        return f"{ON}, severity changed from {rule.severity} by {change.place}"
    return ON


def _change(rule: Rule, settings: Settings) -> SeverityChange | None:
    return next((one for one in settings.severities if one.rule == rule.id), None)


def _changed(rule: Rule, settings: Settings) -> Rule:
    change = _change(rule, settings)
    return rule if change is None else replace(rule, severity=change.severity)


def _near(name: str, known: Iterable[str]) -> str:
    """The nearest name, written as the command line takes it; where none is near, how to see them all."""
    return nearest(name, known).replace("'", "") or "; build-doctor rules list names them"


def named_rule(rules: Iterable[Rule], wanted: str) -> Rule:
    """The rule of an id.

    Raises:
        RequestError: there is none.
    """
    known = {rule.id: rule for rule in rules}
    if wanted not in known:
        raise RequestError(f"there is no rule {wanted}{_near(wanted, known)}")
    return known[wanted]
