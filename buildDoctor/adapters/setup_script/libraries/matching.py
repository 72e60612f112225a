"""`re`, for patterns and texts that cannot take long."""

from __future__ import annotations

import ast
import re

from buildDoctor.adapters.setup_script import operators
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.native import constant, library
from buildDoctor.adapters.setup_script.regexes import is_cheap
from buildDoctor.adapters.setup_script.values import Items, Library, Native, Raised, Table, Value, is_known

_SEARCHES = ("match", "search", "fullmatch", "findall", "split")
_LONGEST = 20_000


def _compiled(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not args or not isinstance(args[0], str) or not all(isinstance(flag, int) for flag in args[1:]):
        return run.unknown(node)
    if not is_cheap(args[0], ""):
        return run.unknown(node)
    try:
        return re.compile(*args[:2])
    except (re.error, OverflowError, RecursionError, ValueError):
        raise Raised("error", "the regular expression is wrong", run.place(node)) from None


def _searched(name: str) -> Native:
    def call(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
        if name == "sub" or not is_known((tuple(args), Table(named))) or len(args) < 2:
            return run.unknown(node)
        flags = [*args[2:3], *([named["flags"]] if "flags" in named else [])]
        pattern = args[0] if isinstance(args[0], re.Pattern) else _compiled(run, node, [args[0], *flags], {})
        return of_result(run, node, pattern, name, [args[1]]) if isinstance(pattern, re.Pattern) else run.unknown(node)

    return Native(f"re.{name}", call)


def of_result(
    run: Interpreter, node: ast.Call, of: re.Pattern[str] | re.Match[str], name: str, args: list[Value]
) -> Value:
    """A method of a pattern or of a match."""
    if not is_known(tuple(args)):
        return run.unknown(node)
    if isinstance(of, re.Match):
        if name not in {"group", "groups", "groupdict", "start", "end", "span"}:
            return run.unknown(node)
        found = operators.guarded(run, node, lambda: getattr(of, name)(*args))
        return Table(found) if isinstance(found, dict) else found
    cheap = len(args) == 1 and isinstance(args[0], str) and len(args[0]) <= _LONGEST and is_cheap(of.pattern, args[0])
    if name not in _SEARCHES or not cheap:
        return run.unknown(node)
    run.budget.spend(50)
    found = getattr(of, name)(args[0])
    return Items(found) if isinstance(found, list) else found


def regex_library() -> Library:
    """`re`."""
    flags = {
        name: int(getattr(re, name))
        for name in ("MULTILINE", "M", "IGNORECASE", "I", "DOTALL", "S", "ASCII", "VERBOSE")
    }
    searches = {name: _searched(name) for name in (*_SEARCHES, "sub")}
    return library("re", compile=Native("re.compile", _compiled), purge=constant("re.purge", None), **flags, **searches)
