"""The rules that a user names, by file, folder or id."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from buildDoctor.core.errors import RequestError
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.options import Options
from buildDoctor.examine.rule_checking import rules_at
from buildDoctor.examine.rulebook import named_rule, rulebook_of


def chosen_rules(words: Sequence[str], options: Options) -> tuple[Rule, ...]:
    """The rules that words name; all that an examination here would use when there are none.

    Raises:
        RequestError: there is no such rule or file, or one has mistakes.
    """
    files = [word for word in words if looks_like_path(word)]
    found: list[Rule] = []
    if files:
        loaded, found_there = rules_at([Path(word) for word in files])
        if loaded.problems:
            raise RequestError("\n".join(map(str, loaded.problems)))
        found += found_there
    ids = [word for word in words if word not in files]
    if ids or not words:
        rules = rulebook_of(options, thorough=True).loaded.rules
        found += [named_rule(rules, word) for word in ids] if ids else rules
    return tuple(found)


def looks_like_path(word: str) -> bool:
    """Whether a word is meant as a file or folder: ids have neither dots nor slashes."""
    return "/" in word or word.endswith(".toml") or Path(word).exists()
