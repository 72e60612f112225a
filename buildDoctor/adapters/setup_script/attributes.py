"""Attributes, elements and slices of a script's values."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

from packaging.version import Version

from buildDoctor.adapters.setup_script import operators
from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.values import (
    HOLE,
    Bag,
    ClassValue,
    ExtensionValue,
    Items,
    Library,
    Method,
    OpenFile,
    Raised,
    Table,
    Unknown,
    Value,
    is_known,
)

_WITH_METHODS = (str, bytes, Items, tuple, Table, Bag, OpenFile, re.Match, re.Pattern)
_OF_PATHS = frozenset({"parent", "name", "stem", "suffix", "parts", "parents", "suffixes"})
_OF_VERSIONS = frozenset({"major", "minor", "micro", "release", "public", "base_version", "local", "is_prerelease"})


def attribute(run: Interpreter, node: ast.Attribute) -> Value:
    """`value.name` in the script."""
    return attribute_of(run, node, run.evaluate(run, node.value), node.attr)


def attribute_of(run: Interpreter, node: ast.AST, value: Value, name: str) -> Value:  # noqa: PLR0911  one answer for each kind of value
    """An attribute of a value."""
    if isinstance(value, Unknown):
        key = f"{value.key}.{name}" if value.key else ""
        run.may_fail(node, key)
        return Unknown(f"{words_of(node)} at {run.place(node)}", key, maybe=value.maybe)
    if isinstance(value, Library):
        return _of_library(run, node, value, name)
    if isinstance(value, ExtensionValue):
        return value.attributes.get(name, run.unknown(node)) if name != "__class__" else run.unknown(node)
    if isinstance(value, PurePosixPath):
        return _of_path(value, name)
    if isinstance(value, Version) and name in _OF_VERSIONS:
        return getattr(value, name)
    if isinstance(value, ClassValue):
        return value.name if name == "__name__" else _of_class(run, node, value, name)
    return Method(value, name) if isinstance(value, _WITH_METHODS) else run.unknown(node)


def _of_library(run: Interpreter, node: ast.AST, value: Library, name: str) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    run.may_fail(node, f"{value.name}.{name}", "AttributeError")
    return Unknown(f"{value.name}.{name} at {run.place(node)}", f"{value.name}.{name}")


def _of_class(run: Interpreter, node: ast.AST, value: ClassValue, name: str) -> Unknown:
    """A method of a class of the script is not followed, so it may do anything."""
    if value.node is not None and any(isinstance(one, ast.FunctionDef) and one.name == name for one in value.node.body):
        run.patched = run.patched or f"{words_of(node)} at {run.place(node)} is a method, which is not followed"
    return run.unknown(node)


def _of_path(value: PurePosixPath, name: str) -> Value:
    if name not in _OF_PATHS:
        return Method(value, name)
    found = getattr(value, name)
    return Items(found) if isinstance(found, list) else tuple(found) if name == "parents" else found


def subscript(run: Interpreter, node: ast.Subscript) -> Value:
    """`value[key]` in the script."""
    value = run.evaluate(run, node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(run, node, value, node.slice)
    return element(run, node, value, run.evaluate(run, node.slice))


def element(run: Interpreter, node: ast.AST, value: Value, key: Value) -> Value:
    """An element of a value by its key or number."""
    if isinstance(value, Unknown) or not is_known(key):
        base = value.key if isinstance(value, Unknown) else ""
        run.may_fail(node)
        return run.unknown(node, key=f"{base}[{key!r}]" if base and is_known(key) else "", behind=(value,))
    if isinstance(value, Table):
        return _of_table(run, node, value, key)
    if isinstance(value, Items) and (value.rest is not None or value.loose):
        run.may_fail(node)
        return run.unknown(node, behind=(value,))
    if isinstance(value, str | tuple | Items) and isinstance(key, int):
        return operators.guarded(run, node, lambda: value[key])
    if isinstance(value, re.Match):
        return operators.guarded(run, node, lambda: value[key])
    return run.unknown(node)


def _of_table(run: Interpreter, node: ast.AST, table: Table, key: Value) -> Value:
    asked = getattr(table, "asked", None)
    if asked is not None and isinstance(key, str):
        asked[key] = None
    if key in table:
        return table[key]
    if table.rest is not None:
        run.may_fail(node, "", "KeyError")
        return run.unknown(node, behind=(table.rest,))
    raise Raised("KeyError", repr(key), run.place(node))


def _slice(run: Interpreter, node: ast.Subscript, value: Value, part: ast.Slice) -> Value:
    bounds = [None if side is None else run.evaluate(run, side) for side in (part.lower, part.upper, part.step)]
    if isinstance(value, Unknown) or not is_known(tuple(bounds)):
        return run.unknown(node, shape=HOLE, behind=(value,))
    if isinstance(value, Items) and (value.rest is not None or value.loose):
        return run.unknown(node, behind=(value,))
    if not isinstance(value, str | tuple | Items):
        return run.unknown(node)
    found = operators.guarded(run, node, lambda: value[slice(*bounds)])
    return Items(found) if isinstance(found, list) else found
