"""What an assignment puts where."""

from __future__ import annotations

import ast

from buildDoctor.adapters.setup_script.doubts import forget, open_up, touch
from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.values import (
    ExtensionValue,
    Items,
    Library,
    Raised,
    Table,
    Unknown,
    Value,
    is_known,
)

_HELPER = "torch.utils.cpp_extension"


def assign(run: Interpreter, target: ast.expr, value: Value) -> None:
    """Follow `target = value`; where it is not known whether the script comes here, the target becomes unknown."""
    if run.in_doubt or (run.vague and not isinstance(target, ast.Name)):
        value = _doubtful(run, target, _old(run, target), value)
    bind(run, target, value)


def _old(run: Interpreter, target: ast.expr) -> Value:
    """What stands in a place before it is set, if anything does."""
    try:
        return run.evaluate(run, target) if isinstance(target, ast.Subscript | ast.Attribute) else None
    except Raised:
        return None


def _doubtful(run: Interpreter, target: ast.expr, *values: Value) -> Unknown:
    """What a target is after an assignment that is perhaps reached: one of some values."""
    words = f"{words_of(target)}, which is set under a condition that is not known,"
    return run.unknown(target, words, behind=values)


def bind(run: Interpreter, target: ast.expr, value: Value) -> None:
    """Give a target a value."""
    if isinstance(target, ast.Name):
        far = run.vague and target.id in run.scope.elsewhere
        if far or run.in_doubt:
            value = _doubtful(run, target, run.scope.get(target.id), value)
        run.scope.set(target.id, value)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(run, target, value)
    elif isinstance(target, ast.Starred):
        bind(run, target.value, value)
    elif isinstance(target, ast.Subscript):
        _set_element(run, target, value)
    elif isinstance(target, ast.Attribute):
        _set_attribute(run, target, value)


def _unpack(run: Interpreter, target: ast.Tuple | ast.List, value: Value) -> None:
    names = target.elts
    fits = isinstance(value, tuple | str | Items) and not _is_open(value) and len(value) == len(names)
    if fits and not any(isinstance(name, ast.Starred) for name in names):
        for name, part in zip(names, value, strict=True):
            bind(run, name, part)
        return
    run.may_fail(target)
    for name in names:
        bind(run, name, run.unknown(name, behind=(value,)))


def _is_open(value: Value) -> bool:
    return isinstance(value, Items) and (value.rest is not None or value.loose)


def _set_element(run: Interpreter, target: ast.Subscript, value: Value) -> None:
    container = run.evaluate(run, target.value)
    key = run.unknown(target) if isinstance(target.slice, ast.Slice) else run.evaluate(run, target.slice)
    if isinstance(container, Table):
        plain = is_known(key) and isinstance(key, str | int | bool | None | tuple)
        if plain and (key in container or not run.vague):
            container[key] = value
            run.budget.elements(len(container))
        elif plain:
            open_up(container, run.unknown(target), value)
        else:
            forget(container, run.unknown(target), value)
    elif isinstance(container, Items):
        if isinstance(key, int) and not _is_open(container) and -len(container) <= key < len(container):
            container[key] = value
        else:
            forget(container, run.unknown(target), value)
    else:
        touch(f"{words_of(target)} at {run.place(target)}", container, stored=(value,))


def _set_attribute(run: Interpreter, target: ast.Attribute, value: Value) -> None:
    set_attribute(run, target, run.evaluate(run, target.value), target.attr, value)


def set_attribute(run: Interpreter, node: ast.AST, holder: Value, name: str, value: Value) -> None:
    """Give an attribute a value; a part of torch's build helper that is replaced may do anything."""
    if str(getattr(holder, "name", "") or getattr(holder, "key", "")).startswith(_HELPER):
        run.patched = run.patched or f"{name} of torch's build helper is replaced at {run.place(node)}"
    if isinstance(holder, ExtensionValue | Library):
        holder.attributes[name] = value
    else:
        touch(f"{words_of(node)} at {run.place(node)}", holder, stored=(value,))
