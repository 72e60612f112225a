"""`import` in a script: modelled libraries, modules of the tree, and the others, which are not known."""

from __future__ import annotations

import ast
import sys

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.limits import MOST_MODULES
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.values import ROOT, Library, Unknown, Value

_GIVEN = frozenset({"torch", "setuptools", "packaging", "wheel", "distutils"})
"""What every build of an extension has, so that a failing import of it is not followed."""


def imported(run: Interpreter, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        module = _module(run, node, alias.name)
        first = alias.name.partition(".")[0]
        name = alias.asname or first
        whole = module if alias.asname or "." not in alias.name else _module(run, node, first)
        run.scope.set(name, run.unknown(node) if run.in_doubt else whole)


def imported_names(run: Interpreter, node: ast.ImportFrom) -> None:
    """`from a import b as c`."""
    base = _absolute(run, node)
    module = _module(run, node, base) if base else Unknown(f"the folder of {run.scope.file}")
    for alias in node.names:
        if alias.name == "*":
            _star(run, node, module)
            continue
        value = _attribute(run, node, base, module, alias.name)
        run.scope.set(alias.asname or alias.name, run.unknown(node) if run.in_doubt else value)


def _absolute(run: Interpreter, node: ast.ImportFrom) -> str:
    """The name of the module from the tree's top, for a relative import too."""
    if not node.level:
        return node.module or ""
    folders = run.scope.file.split("/")[: -node.level]
    return ".".join([*folders, *([node.module] if node.module else [])])


def _star(run: Interpreter, node: ast.ImportFrom, module: Value) -> None:
    if isinstance(module, Library) and not run.in_doubt:
        for name, value in module.attributes.items():
            run.scope.set(name, value)
    if not isinstance(module, Library) or "__name__" not in module.attributes:
        run.notes[f"the import of all names at {run.place(node)}"] = None


def _attribute(run: Interpreter, node: ast.ImportFrom, base: str, module: Value, name: str) -> Value:
    if isinstance(module, Library):
        if name in module.attributes:
            return module.attributes[name]
        below = _library_or_local(run, f"{base}.{name}" if base else name)
        return Unknown(f"{base}.{name} at {run.place(node)}", f"{base}.{name}") if below is None else below
    below = _library_or_local(run, f"{base}.{name}" if base else name)
    return Unknown(f"{base}.{name} at {run.place(node)}", f"{base}.{name}") if below is None else below


def _module(run: Interpreter, node: ast.AST, name: str) -> Value:
    found = _library_or_local(run, name)
    if found is not None:
        return found
    top = name.partition(".")[0]
    if top not in sys.stdlib_module_names and top not in _GIVEN:
        run.may_fail(node, f"import {name}", "ImportError")
    return Unknown(f"the module {name} at {run.place(node)}", name)


def _library_or_local(run: Interpreter, name: str) -> Value | None:
    """A modelled library, a module of the tree that was met before, or one that is met now."""
    if name in run.modules:
        return run.modules[name]
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top in _GIVEN:
        return None
    path = name.replace(".", "/")
    file = next((one for one in (f"{path}.py", f"{path}/__init__.py") if run.files.is_file(one)), None)
    if file is None:
        return Library(name) if run.files.is_folder(path) else None
    return load(run, name, file)


def load(run: Interpreter, name: str, file: str) -> Value:
    """Follow a module of the tree; one that is too large or cannot be parsed is not known."""
    unknown = Unknown(f"the module {file}, which is not followed")
    if len(run.modules) > MOST_MODULES * 4:
        return unknown
    tree = parsed(run, file)
    if tree is None:
        run.notes[f"the module {file}, which cannot be parsed"] = None
        return unknown
    scope = Scope(file, {"__name__": name, "__file__": str(ROOT / file)}, vague_at=run.vague)
    module = Library(name, scope.names)
    run.modules[name] = module
    outer, run.scope = run.scope, scope
    try:
        run.execute(run, tree.body)
    finally:
        run.scope = outer
    return module


def parsed(run: Interpreter, file: str) -> ast.Module | None:
    """The syntax tree of a script of the tree; nothing when it is not Python or too deep."""
    tree, texts = run.files.once(("tree", file), lambda: _parsed(run.files.text(file)))
    run.spelt |= texts
    return tree


def _parsed(text: str | None) -> tuple[ast.Module | None, dict[str, None]]:
    """A syntax tree, and all the texts in it."""
    if text is None:
        return None, {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, {}
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return tree, {value: None for value in constants if isinstance(value, str)}
