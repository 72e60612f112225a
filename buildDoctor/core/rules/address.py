"""Where the pages of rules are published, as a project's settings say it."""

from __future__ import annotations

import re

from buildDoctor.core.rules.table import Table

SARIF_KEYS = ("rule_pages",)
PLACE = "{rule}"
"""Stands for the rule's id in an address."""
_LONGEST = 500
_ADDRESS = re.compile(r"(https?://[\w.:\[\]-]+/|file:///)[^\s\\<>\"^`{|}\x00-\x1f\x7f]*", re.ASCII | re.IGNORECASE)
"""What RFC 3986 lets an address have; a name before the host, as in `https://known.org@other.org`, is none of it."""


def read_address(table: Table) -> str:
    """The address of the pages in the settings' table `sarif`; empty without one.

    Args:
        table: the table; what is wrong is noted there.
    """
    address = table.text("rule_pages")
    if not isinstance(table.data.get("rule_pages"), str):
        return ""
    wrong = _wrong(address)
    if wrong:
        table.wrong("rule_pages", wrong)
    return "" if wrong else address


def _wrong(address: str) -> str:
    if len(address) > _LONGEST:
        return f"the address has {len(address)} characters; {_LONGEST} are allowed"
    if address.count(PLACE) != 1:
        return f"the address names the rule once, as {PLACE}: write for example https://example.org/rules/{PLACE}.md"
    if not _ADDRESS.fullmatch(address.replace(PLACE, "")):
        return f"{address!r} is no address that begins with https://, http:// or file:///"
    return ""
