"""A report without what tells whose machine it was made on: home folders, names of users and of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

HOME, USER, HOST = "~", "<user>", "<host>"
_HOMES = re.compile(
    r"(?<![\w.-])(?:/home|/Users|/var/home|/export/home)/(?P<user>[^/\s:;,'\"!<>|`]{1,64})(?![^/\s:;,'\"!<>|`)\]}])"
)
"""A home folder of any machine, for a saved report may come from another one."""
_WINDOWS = re.compile(r"\b[A-Za-z]:[\\/]Users[\\/](?P<user>[^\\/\s:;,'\"!<>|`]{1,64})")
_ROOT = re.compile(r"(?<![\w./-])/root(?=[/\s:;,'\"!)\]}]|$)")
SHORTEST = 3
"""Shorter names are parts of other words too often."""
NO_PERSONS = frozenset({"root", "user", "ubuntu", "runner", "jovyan", "localhost", "default", "build", "vllm", "cuda", "nvidia", "torch", "python", "lib", "usr"})  # fmt: skip
"""Names that tell nothing about anybody, and that stand for other things as well."""
_T = TypeVar("_T")


class Names(Struct, frozen=True, kw_only=True):
    """What must not be told."""

    homes: tuple[str, ...] = ()
    """The home folder of this user, as it is called and where its links lead."""
    users: tuple[str, ...] = ()
    host: str = ""
    """The name of this machine, with its domain or without."""


def redactor(names: Names, texts: Iterable[str]) -> Callable[[str], str]:
    """What takes the names out of a text.

    Args:
        names: what this machine is known by.
        texts: everything that will be told; the users of home folders in it count too, wherever else they stand.
    """
    told = {found["user"] for text in texts for pattern in (_HOMES, _WINDOWS) for found in pattern.finditer(text)}
    users = sorted({name for name in (*names.users, *told) if len(name) >= SHORTEST and name.lower() not in NO_PERSONS})
    in_paths = _any_of(users, r"(?<=/)", r"(?=/|$|[\s:;,'\"!)\]}])") if users else None
    at_hosts = _any_of(users, r"(?<![\w.-])", r"(?=@)") if users else None
    short = names.host.partition(".")[0]
    hosts = [name for name in (names.host, short) if len(name) >= SHORTEST and name.lower() not in NO_PERSONS]
    host = _any_of(hosts, r"(?<![\w.-])", r"(?![\w-])") if hosts else None
    homes = sorted({one.rstrip("/") for one in names.homes if len(one) > 1}, key=len, reverse=True)
    own = _any_of(homes, r"(?<![\w./-])", r"(?=[/\s:;,'\"!)\]}]|$)") if homes else None

    def redact(text: str) -> str:
        for pattern, what in (
            (own, HOME),
            (_HOMES, HOME),
            (_WINDOWS, HOME),
            (_ROOT, HOME),
            (at_hosts, USER),
            (host, HOST),
        ):
            text = pattern.sub(what, text) if pattern is not None else text
        # Folders of a user that are no home: /data/alice, /scratch/alice. Relative paths are those of packages.
        return _ABSOLUTE.sub(lambda found: in_paths.sub(USER, found[0]), text) if in_paths is not None else text

    return redact


_ABSOLUTE = re.compile(r"(?<![\w./~-])/(?!/)[^\s:;,'\"`]*")


def _any_of(names: Iterable[str], before: str, after: str) -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, names))}){after}")


def texts_in(value: object) -> Iterable[str]:
    """Every text of a tree of records, lists and texts."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, Struct):
            waiting.extend(getattr(one, name) for name in one.__struct_fields__)


def redacted(value: _T, redact: Callable[[str], str]) -> _T:
    """A tree of records and tuples with each text replaced; what holds nothing to replace stays the same object."""
    changed: object = value
    if isinstance(value, str):
        # Members of an enumeration are texts too, and stay what they are.
        new_text = redact(value) if type(value) is str else value
        changed = new_text if new_text != value else value
    elif isinstance(value, tuple):
        parts = tuple(redacted(part, redact) for part in value)
        changed = parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    elif isinstance(value, Struct):
        new = {name: redacted(getattr(value, name), redact) for name in value.__struct_fields__}
        differing = {name: part for name, part in new.items() if part is not getattr(value, name)}
        changed = replace(value, **differing) if differing else value
    # Each branch keeps the type of what it was given.
    return cast("_T", changed)
