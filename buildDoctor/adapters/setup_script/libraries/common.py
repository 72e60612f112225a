"""Small libraries that build scripts use to handle lists, texts and versions."""

from __future__ import annotations

import ast
import itertools
import json
import shlex
from collections.abc import Callable

from packaging.version import InvalidVersion, Version

from buildDoctor.adapters.setup_script import calls, comprehensions, functions
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.built_ins import BUILT_INS
from buildDoctor.adapters.setup_script.libraries.extensions import EXTENSIONS, SETUP
from buildDoctor.adapters.setup_script.libraries.native import constant, first_argument, library, pure, unknown
from buildDoctor.adapters.setup_script.limits import MOST_ELEMENTS
from buildDoctor.adapters.setup_script.values import (
    Bag,
    Function,
    Items,
    Library,
    Native,
    Raised,
    Table,
    Value,
    is_known,
)

_LONGEST_VERSION = 200


def _version(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    text = args[0] if args else None
    if not isinstance(text, str) or len(text) > _LONGEST_VERSION:
        return run.unknown(node)
    try:
        return Version(text)
    except InvalidVersion:
        raise Raised("InvalidVersion", f"{text!r} is no version", run.place(node)) from None


def _partial(_run: Interpreter, _node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    target, *first = args

    def call(run: Interpreter, node: ast.Call, more: list[Value], others: dict[str, Value]) -> Value:
        if isinstance(target, Native):
            return target.call(run, node, [*first, *more], named | others)
        if isinstance(target, Function):
            return functions.invoke(run, node, target, [*first, *more], named | others)
        return calls.unknown_call(run, node, target, [*first, *more], named | others)

    return Native("partial", call)


def _copied(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    return _deep(args[0], 8) if args else run.unknown(node)


def _deep(value: Value, depth: int) -> Value:
    if depth == 0:
        return value
    if isinstance(value, Items):
        return Items((_deep(one, depth - 1) for one in value), value.rest)
    if isinstance(value, Table):
        return Table({key: _deep(one, depth - 1) for key, one in value.items()}, value.rest)
    return Bag(value) if isinstance(value, Bag) else value


def _product(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    columns = [comprehensions.elements(run, node, arg) for arg in args]
    count = 1
    for values, _ in columns:
        count *= len(values)
    run.budget.elements(min(count, MOST_ELEMENTS + 1))
    rest = next((rest for _, rest in columns if rest is not None), None)
    return Items(itertools.product(*(values for values, _ in columns)), rest)


def _chained(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    result = Items()
    for arg in args:
        values, rest = comprehensions.elements(run, node, arg)
        result.extend(values)
        result.rest = result.rest or rest
        run.budget.elements(len(result))
    return result


def _mapped(*, keeps: bool) -> Native:
    """`map`, and `filter` where it keeps the elements themselves."""

    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        if len(args) != 2:
            return run.unknown(node)
        values, rest = comprehensions.elements(run, node, args[1])
        result = Items(rest=rest)
        for value in values:
            made = value if keeps and args[0] is None else calls.call_value(run, node, args[0], [value])
            if not keeps:
                result.append(made)
            elif not is_known(made):
                result.rest = result.rest or run.unknown(node)
            elif made:
                result.append(value)
        return result

    return Native("filter" if keeps else "map", call)


def _read_json(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not args or not isinstance(args[0], str) or len(args[0]) > 100_000:
        return run.unknown(node)
    try:
        return _own(json.loads(args[0]), 8)
    except (ValueError, RecursionError):
        raise Raised("ValueError", "the text is not JSON", run.place(node)) from None


def _literal(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not args or not isinstance(args[0], str) or len(args[0]) > 10_000:
        return run.unknown(node)
    try:
        return _own(ast.literal_eval(args[0]), 8)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise Raised("ValueError", "the text is no literal", run.place(node)) from None


def _own(value: Value, depth: int) -> Value:
    """Python's lists and dictionaries as the script's."""
    if isinstance(value, list) and depth:
        return Items(_own(one, depth - 1) for one in value)
    if isinstance(value, dict) and depth:
        return Table({key: _own(one, depth - 1) for key, one in value.items()})
    return Bag(value) if isinstance(value, set) else value


def _words(text: str) -> list[str]:
    return shlex.split(text) if len(text) < 100_000 else []


def common_libraries() -> dict[str, Library]:
    """functools, itertools, copy, json and their like."""
    versions = {name: Native(name, _version) for name in ("parse", "Version", "LooseVersion", "StrictVersion")}
    names: dict[str, Callable[[], Library]] = {
        "functools": lambda: library(
            "functools", partial=Native("partial", _partial), lru_cache=first_argument("lru_cache")
        ),
        "itertools": lambda: library("itertools", product=Native("product", _product), chain=Native("chain", _chained)),
        "copy": lambda: library("copy", copy=Native("copy", _copied), deepcopy=Native("deepcopy", _copied)),
        "json": lambda: library("json", loads=Native("loads", _read_json), dumps=unknown("json.dumps")),
        "ast": lambda: library("ast", literal_eval=Native("literal_eval", _literal)),
        "shlex": lambda: library("shlex", split=pure("shlex.split", _words)),
        "collections": lambda: library("collections", OrderedDict=BUILT_INS["dict"]),
        "warnings": lambda: library(
            "warnings", warn=constant("warn", None), filterwarnings=constant("filterwarnings", None)
        ),
        "typing": lambda: library("typing", TYPE_CHECKING=False),
        "packaging.version": lambda: library("packaging.version", **versions),
        "distutils.version": lambda: library("distutils.version", **versions),
        "setuptools": lambda: library("setuptools", setup=SETUP, Extension=EXTENSIONS["Extension"]),
        "setuptools.extension": lambda: library("setuptools.extension", Extension=EXTENSIONS["Extension"]),
        "distutils.core": lambda: library("distutils.core", setup=SETUP, Extension=EXTENSIONS["Extension"]),
    }
    made = {name: make() for name, make in names.items()}
    made["packaging"] = library("packaging", version=made["packaging.version"])
    return made


BUILT_INS |= {"map": _mapped(keeps=False), "filter": _mapped(keeps=True)}
