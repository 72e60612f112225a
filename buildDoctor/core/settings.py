"""What a project says about the rules: which to run, how bad each is, and which findings it knows already."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.core.findings import Severity
from buildDoctor.core.language import glob_matcher, nearest
from buildDoctor.core.rules.table import Mistake, Table

if TYPE_CHECKING:
    from buildDoctor.core.contracts.contract import Requirement

SETTINGS_KEYS = ("select", "ignore", "severity", "suppress", "require", "sarif")
SUPPRESS_KEYS = ("rule", "subject", "reason", "until")

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_EITHER = "rule or family of rules"

Path = tuple[str | int, ...]
PlaceOf = Callable[[Path], str]
"""Says where a key stands, such as `build-doctor.toml:3`."""


class Named(Struct, frozen=True, kw_only=True):
    """A rule or family that the settings name."""

    name: str
    place: str
    """File and line."""


class SeverityChange(Struct, frozen=True, kw_only=True):
    """Another severity for a rule."""

    rule: str
    severity: Severity
    place: str
    """File and line."""


class Suppression(Struct, frozen=True, kw_only=True):
    """Findings that are known and not to be shown."""

    rule: str
    """The rule's id."""
    subject: str
    """A pattern for what the finding is about, such as `feature=NVFP4*`; empty for all."""
    reason: str
    """Why it may be passed over."""
    until: str
    """The last day on which it counts, as `2026-12-31`; empty for always."""
    place: str
    """File and line."""


class Settings(Struct, frozen=True, kw_only=True):
    """All settings of a project."""

    select: tuple[Named, ...] = ()
    """The rules and families to run; all without any."""
    ignore: tuple[Named, ...] = ()
    """The rules and families to leave out."""
    severities: tuple[SeverityChange, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    """The contract: what binaries must hold."""
    rule_pages: str = ""
    """Where the pages of rules are published, with `{rule}` for the id; empty for nowhere."""


def read_settings(data: Mapping[str, object], place_of: PlaceOf) -> tuple[Settings, list[Mistake]]:
    """The settings that parsed data says, and everything that is wrong with them.

    Args:
        data: The parsed table; dates as text.
        place_of: Says where a key stands.
    """
    table = Table("the settings", data, SETTINGS_KEYS)
    suppressions = tuple(
        _suppression(entry, place_of) for entry in table.tables("suppress", "a suppression", SUPPRESS_KEYS)
    )
    settings = Settings(
        select=_named(table, "select", place_of),
        ignore=_named(table, "ignore", place_of),
        severities=_severities(table, place_of),
        suppressions=suppressions,
        requirements=_requirements(table, place_of),
        rule_pages=_rule_pages(table),
    )
    return settings, table.mistakes


def _requirements(table: Table, place_of: PlaceOf) -> tuple[Requirement, ...]:
    if not table.has("require"):
        return ()
    # Most projects have no contract, and its check needs the table of architectures.
    from buildDoctor.core.contracts.contract import REQUIRE_KEYS, requirement_of  # noqa: PLC0415  see above

    entries = table.tables("require", "a requirement", REQUIRE_KEYS)
    return tuple(requirement_of(entry, place_of(entry.path)) for entry in entries)


def _rule_pages(table: Table) -> str:
    if not table.has("sarif"):
        return ""
    from buildDoctor.core.rules.address import SARIF_KEYS, read_address  # noqa: PLC0415  as above

    return read_address(table.table("sarif", "sarif", SARIF_KEYS))


def _named(table: Table, key: str, place_of: PlaceOf) -> tuple[Named, ...]:
    return tuple(Named(name=name, place=place_of((key, at))) for at, name in enumerate(table.texts(key)))


def _severities(table: Table, place_of: PlaceOf) -> tuple[SeverityChange, ...]:
    rules = table.data.get("severity")
    given = table.table("severity", "severity", tuple(rules) if isinstance(rules, dict) else ())
    return tuple(
        SeverityChange(rule=rule, severity=given.choice(rule, Severity), place=place_of(("severity", rule)))
        for rule in given.data
    )


def _suppression(table: Table, place_of: PlaceOf) -> Suppression:
    table.require("rule", "reason")
    reason = table.text("reason").strip()
    if isinstance(table.data.get("reason"), str) and not reason:
        table.wrong("reason", "a suppression says why; this reason is empty")
    _check_pattern(table)
    until = table.text("until")
    if isinstance(table.data.get("until"), str) and not is_date(until):
        table.wrong("until", f"{until!r} is no day: write for example 2026-12-31")
    return Suppression(
        rule=table.text("rule"),
        subject=table.text("subject"),
        reason=reason,
        until=until,
        place=place_of(table.path),
    )


def _check_pattern(table: Table) -> None:
    try:
        glob_matcher(table.text("subject"))
    except ValueError as error:
        table.wrong("subject", str(error))


def is_date(text: str) -> bool:
    """Whether a text is a day such as `2026-12-31`."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1] and (leap or (month, day) != (2, 29))


def unknown_names(settings: Settings, ids: frozenset[str], families: frozenset[str]) -> list[Mistake]:
    """A mistake for each rule or family that the settings name and that does not exist."""
    both, rules = sorted(ids | families), sorted(ids)
    named: list[tuple[str, Path, list[str]]] = []
    for key, given in (("select", settings.select), ("ignore", settings.ignore)):
        named += [(one.name, (key, at), both) for at, one in enumerate(given)]
    named += [(one.rule, ("severity", one.rule), rules) for one in settings.severities]
    named += [(one.rule, ("suppress", at, "rule"), rules) for at, one in enumerate(settings.suppressions)]
    return [
        Mistake(path, f"there is no {'rule' if known is rules else _EITHER} called {name!r}{nearest(name, known)}")
        for name, path, known in named
        if name not in known
    ]
