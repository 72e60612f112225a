"""Reads a `rule-pack.toml`: what a folder of rules needs."""

from __future__ import annotations

from collections.abc import Mapping

from buildDoctor.core.rules.table import Mistake, Table

PACK_KEYS = ("about", "requires")


def read_pack(data: Mapping[str, object], version: str) -> list[Mistake]:
    """What is wrong with a `rule-pack.toml`, or with using its rules here.

    Args:
        data: The parsed file.
        version: This build-doctor's.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few folders say what they need

    table = Table("a rule pack", data, PACK_KEYS)
    table.text("about")
    needed = table.text("requires")
    try:
        if version not in SpecifierSet(needed, prereleases=True):
            table.wrong("requires", f"these rules need build-doctor {needed}; this is {version}")
    except InvalidSpecifier:
        table.wrong("requires", f"{needed!r} is no range of versions: write for example '>=0.2,<1'")
    return table.mistakes
