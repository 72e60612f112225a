"""Texts as SARIF holds them (3.11, 3.12)."""

from __future__ import annotations

from typing import Any

from buildDoctor.faces.wording import visible

Part = dict[str, Any]


def message(text: str) -> Part:
    """A plain text message (3.11): braces would be placeholders, brackets before parentheses links."""
    return {"text": _plain(text).replace("](", "] (") or "–"}  # noqa: RUF001  a dash: no message may be empty


def page(text: str, markdown: str) -> Part:
    """The same text twice (3.12): plain, and for those who show Markdown."""
    return {**message(text), "markdown": _plain(markdown)}


def _plain(text: str) -> str:
    return visible(text, lines=True).replace("{", "{{").replace("}", "}}")
