"""The methods of texts, lists, tables and sets that are followed; the others give an unknown value."""

from __future__ import annotations

import ast
from collections.abc import Callable

from buildDoctor.adapters.setup_script import comprehensions, operators
from buildDoctor.adapters.setup_script.doubts import forget, open_up
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.values import (
    Bag,
    EnvironmentTable,
    Items,
    OpenFile,
    Raised,
    Table,
    Unknown,
    Value,
    as_element,
    first_unknown,
    is_known,
)

_OF_TEXT = frozenset(
    [
        "split",
        "rsplit",
        "strip",
        "lstrip",
        "rstrip",
        "lower",
        "upper",
        "title",
        "capitalize",
        "casefold",
        "swapcase",
        "startswith",
        "endswith",
        "find",
        "rfind",
        "index",
        "rindex",
        "count",
        "partition",
        "rpartition",
        "splitlines",
        "isdigit",
        "isnumeric",
        "isalpha",
        "isalnum",
        "isspace",
        "islower",
        "isupper",
        "removeprefix",
        "removesuffix",
        "isidentifier",
        "isdecimal",
    ]
)
_FORMAT_WIDTH = 3
_CHANGING = frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "__iadd__"})


def of_text(run: Interpreter, node: ast.AST, text: str, name: str, args: list[Value], named: dict[str, Value]) -> Value:  # noqa: PLR0911  one answer for each kind of method
    """A method of a text."""
    run.budget.text(len(text))
    if name == "join" and len(args) == 1:
        return _join(run, node, text, args[0])
    doubt = first_unknown((tuple(args), Table(named)))
    if name == "format":
        return _format(run, node, text, args, named)
    if doubt is not None:
        return run.unknown(node)
    if name == "replace" and len(args) >= 2 and all(isinstance(arg, str) for arg in args[:2]):
        run.budget.text(len(text) + (text.count(args[0]) + 1) * len(args[1]))
        return operators.guarded(run, node, lambda: text.replace(*args))
    if name in {"encode", "decode", "expandtabs"}:
        return text if name != "expandtabs" else run.unknown(node)
    if name not in _OF_TEXT:
        return run.unknown(node)
    plain = [tuple(arg) if isinstance(arg, Items) else arg for arg in args]
    found = operators.guarded(run, node, lambda: getattr(text, name)(*plain, **named))
    if isinstance(found, list):
        run.budget.elements(len(found))
        return Items(found)
    return found


def _join(run: Interpreter, node: ast.AST, text: str, parts: Value) -> Value:
    values, rest = comprehensions.elements(run, node, parts)
    if rest is not None or not all(isinstance(value, str | Unknown) for value in values):
        return run.unknown(node)
    between = [piece for value in values for piece in (text, value)][1:]
    return operators.joined_text(run, node, between)


def _format(run: Interpreter, node: ast.AST, text: str, args: list[Value], named: dict[str, Value]) -> Value:
    """`text.format(…)` for plain fields; a width could make it long, and a field could ask for attributes."""
    fields = [piece.partition("}")[0] for piece in text.split("{")[1:]]
    plain = all(
        field.isidentifier() or (len(field) <= _FORMAT_WIDTH and (not field or field.isdigit())) for field in fields
    )
    if not plain or not is_known((tuple(args), Table(named))):
        return run.unknown(node)
    result = operators.guarded(run, node, lambda: text.format(*args, **named))
    if isinstance(result, str):
        run.budget.text(len(result))
    return result


def of_list(
    run: Interpreter, node: ast.AST, items: Items, name: str, args: list[Value], named: dict[str, Value]
) -> Value:
    """A method of a list."""
    if name in _CHANGING:
        return (
            _perhaps_changed(run, node, items, name, args)
            if run.vague
            else _changed(run, node, items, name, args, named)
        )
    if name == "copy":
        return Items(items, items.rest)
    if not is_known((items, tuple(args))) or name not in {"index", "count"} or named:
        return run.unknown(node)
    return operators.guarded(run, node, lambda: getattr(items, name)(*args))


def _perhaps_changed(run: Interpreter, node: ast.AST, items: Items, name: str, args: list[Value]) -> Value:
    why = run.unknown(node, "what is done to the list under an unknown condition")
    if name in {"append", "extend", "__iadd__"}:
        open_up(items, why, *args)
        return None
    old = tuple(items)
    forget(items, why, *args)
    return run.unknown(node, behind=old)


def in_order(run: Interpreter, node: ast.AST, items: Items, named: dict[str, Value]) -> Items:
    """The elements of a list in ascending order; where that is not known, in a loose one."""
    key, backwards = named.get("key"), named.get("reverse", False)
    keys = list(items)
    if key is not None and isinstance(node, ast.Call):
        keys = [run.call(run, node, key, [item]) for item in items]
    result = Items(items, items.rest)
    if not isinstance(backwards, bool) or not is_known(tuple(keys)) or items.rest is not None:
        result.loose = True
        return result
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__, reverse=backwards)
    except TypeError:
        result.loose = True
        return result
    result[:] = [items[place] for place in order]
    result.loose = False
    return result


def _changed(
    run: Interpreter, node: ast.AST, items: Items, name: str, args: list[Value], named: dict[str, Value]
) -> Value:
    if name == "append" and len(args) == 1:
        items.append(args[0])
    elif name in {"extend", "__iadd__"} and len(args) == 1:
        more, rest = comprehensions.elements(run, node, args[0])
        items.extend(more)
        if rest is not None:
            open_up(items, rest)
    elif name == "insert" and len(args) == 2 and isinstance(args[0], int) and items.rest is None:
        items.insert(args[0], args[1])
    elif name in {"clear", "reverse"}:
        getattr(items, name)()
        items.rest = None if name == "clear" else items.rest
    elif name == "sort":
        ordered = in_order(run, node, items, named)
        items[:] = ordered
        items.rest, items.loose = ordered.rest, ordered.loose
    elif is_known((items, tuple(args))) and not (name == "pop" and items.loose):
        return operators.guarded(run, node, lambda: getattr(items, name)(*args))
    else:
        old = tuple(items)
        forget(items, run.unknown(node), *args)
        return run.unknown(node, behind=old)
    run.budget.elements(len(items))
    return None


def of_table(  # noqa: PLR0911  one answer for each kind of method
    run: Interpreter, node: ast.AST, table: Table, name: str, args: list[Value], named: dict[str, Value]
) -> Value:
    """A method of a dictionary."""
    if isinstance(table, EnvironmentTable) and args and isinstance(args[0], str):
        table.asked[args[0]] = None
    if name in {"update", "setdefault", "pop", "popitem", "clear"} and run.vague:
        old = tuple(table.values())
        forget(
            table, run.unknown(node, "what is done to the dictionary under an unknown condition"), *args, Table(named)
        )
        return run.unknown(node, behind=(*old, *args))
    if name in {"get", "setdefault", "pop"} and args:
        return _looked_up(run, node, table, name, args)
    if name == "update":
        return _updated(run, node, table, args, named)
    if name == "clear":
        table.clear()
        table.rest = None
        return None
    if name == "popitem":
        old = tuple(table.values())
        forget(table, run.unknown(node))
        return run.unknown(node, behind=old)
    if name in {"items", "keys", "values"}:
        pairs = [(key, value) for key, value in table.items()]
        views: dict[str, list[Value]] = {"items": list(pairs), "keys": list(table), "values": list(table.values())}
        return Items(views[name], table.rest)
    return Table(table, table.rest) if name == "copy" else run.unknown(node)


def _looked_up(run: Interpreter, node: ast.AST, table: Table, name: str, args: list[Value]) -> Value:
    key, default = args[0], (args[1] if len(args) > 1 else None)
    if not is_known(key) or not isinstance(key, str | int | bool | None | tuple):
        old = tuple(table.values())
        if name != "get":
            forget(table, run.unknown(node), default)
        return run.unknown(node, behind=(*old, table, default))
    if key in table:
        return table.pop(key) if name == "pop" else table[key]
    if table.rest is not None:
        if name == "setdefault":
            open_up(table, run.unknown(node), default)
        return run.unknown(node, behind=(table.rest, default))
    if name == "setdefault":
        table[key] = default
    if name == "pop" and len(args) == 1:
        raise Raised("KeyError", repr(key), run.place(node))
    return default


def _updated(run: Interpreter, node: ast.AST, table: Table, args: list[Value], named: dict[str, Value]) -> Value:
    for other in (*args, Table(named)):
        if isinstance(other, Table):
            table.update(other)
            if other.rest is not None:
                # Any key may have got another value.
                forget(table, other.rest)
        else:
            forget(table, run.unknown(node), other)
    run.budget.elements(len(table))
    return None


def of_set(run: Interpreter, node: ast.AST, bag: Bag, name: str, args: list[Value]) -> Value:
    """A method of a set."""
    if len(args) != 1:
        return run.unknown(node)
    others, rest = ([args[0]], None) if name in {"add", "discard"} else comprehensions.elements(run, node, args[0])
    run.budget.elements(len(bag) + len(others))
    if name in {"add", "discard", "update"} and (run.vague or rest is not None):
        bag[run.unknown(node, behind=tuple(args))] = None
        return None
    doubt = rest or first_unknown((tuple(bag), tuple(others)))
    if name in {"add", "update"}:
        bag.update(Bag(others))
        return None
    if doubt is not None:
        return run.unknown(node)
    other = Bag(others)
    combine: dict[str, Callable[[], Value]] = {
        "discard": lambda: bag.pop(as_element(others[0]), None),
        "union": lambda: Bag([*bag, *other]),
        "difference": lambda: Bag(item for item in bag if item not in other),
        "intersection": lambda: Bag(item for item in bag if item in other),
    }
    return combine[name]() if name in combine else run.unknown(node)


def of_file(run: Interpreter, node: ast.AST, file: OpenFile, name: str, args: list[Value]) -> Value:
    """A method of a file that was opened to be read."""
    left = file.text[file.at :]
    if name == "read" and not args:
        file.at = len(file.text)
        return left
    if name == "readline" and not args:
        line = left.splitlines(keepends=True)[0] if left else ""
        file.at += len(line)
        return line
    if name == "readlines" and not args:
        file.at = len(file.text)
        return Items(left.splitlines(keepends=True))
    return None if name == "close" else run.unknown(node)
