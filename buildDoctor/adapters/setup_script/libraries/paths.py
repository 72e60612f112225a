"""os.path, pathlib and glob: over the files of the source tree, and of nothing else."""

from __future__ import annotations

import ast
import posixpath
from pathlib import PurePosixPath

from buildDoctor.adapters.setup_script import operators
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.native import Model, library, pure
from buildDoctor.adapters.setup_script.values import (
    HOLE,
    ROOT,
    Items,
    Library,
    Native,
    OpenFile,
    Raised,
    Value,
    is_known,
)

_PLAIN_METHODS = frozenset({"with_suffix", "with_name", "with_stem", "as_posix", "is_absolute", "relative_to", "match"})


def opened(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    """`open(path)` of a file of the tree, to read it.

    Raises:
        Raised: the tree has no such file.
    """
    mode = args[1] if len(args) > 1 else named.get("mode", "r")
    name = _inside(run, args[0]) if args else None
    if name is None or not isinstance(mode, str) or set(mode) & set("wax+"):
        return run.unknown(node)
    text = run.files.text(name)
    if text is not None:
        run.budget.text(len(text))
        return OpenFile(text)
    if run.files.is_file(name):
        return run.unknown(node)
    raise Raised("FileNotFoundError", f"{name} is not in the tree", run.place(node))


def _inside(run: Interpreter, path: Value) -> str | None:
    """A path of the script as one relative to the tree; nothing when it leads out or is not known."""
    return run.files.inside(str(path)) if isinstance(path, str | PurePosixPath) else None


def _asks(name: str) -> Native:
    """A question about a path: of the tree it is answered, of other places it is not known."""

    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        return _asked(run, node, args[0], name) if args else run.unknown(node)

    return Native(f"os.path.{name}", call)


def _asked(run: Interpreter, node: ast.AST, path: Value, question: str) -> Value:
    inside = _inside(run, path)
    if inside is None:
        return run.unknown(node, key=f"{question} {path}" if is_known(path) else "")
    if question in {"isfile", "is_file"}:
        return run.files.is_file(inside)
    if question in {"isdir", "is_dir"}:
        return run.files.is_folder(inside)
    if question in {"islink", "is_symlink"}:
        return run.files.is_link(inside)
    return run.files.is_file(inside) or run.files.is_folder(inside)


def _join(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if is_known(tuple(args)) and all(isinstance(arg, str | PurePosixPath) for arg in args) and args:
        return posixpath.join(*map(str, args))
    shapes = [str(arg) if is_known(arg) else (getattr(arg, "shape", None) or HOLE) for arg in args]
    return run.unknown(node, shape="/".join(shapes))


def _absolute(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if args and isinstance(args[0], str | PurePosixPath):
        return posixpath.normpath(posixpath.join(str(ROOT), str(args[0])))
    return run.unknown(node, shape=HOLE)


def _relative(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not all(isinstance(arg, str | PurePosixPath) for arg in args) or not args:
        return run.unknown(node)
    start = str(args[1]) if len(args) > 1 else str(ROOT)
    return posixpath.relpath(posixpath.join(str(ROOT), str(args[0])), posixpath.join(str(ROOT), start))


def _glob(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    return globbed(run, node, args[0], recursive=named.get("recursive", False) is True) if args else run.unknown(node)


def globbed(run: Interpreter, node: ast.AST, pattern: Value, *, recursive: bool) -> Value:
    """The files that a pattern fits, as the script would write them."""
    inside = _inside(run, pattern)
    if inside is None or not run.files.is_whole:
        return run.unknown(node)
    run.budget.spend(200)
    found = run.files.matching(inside, recursive=recursive)
    run.budget.elements(len(found))
    # `glob` keeps the way in which the pattern was written.
    prefix = f"{ROOT}/" if str(pattern).startswith("/") else "./" if str(pattern).startswith("./") else ""
    return Items(f"{prefix}{name}" for name in found)


def _listed(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    inside = _inside(run, args[0] if args else ".")
    names = None if inside is None else run.files.names(inside)
    if names is None:
        return run.unknown(node)
    run.budget.elements(len(names))
    return Items(names)


def _walked(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    """`os.walk`: each folder below one, with its folders and files."""
    top = _inside(run, args[0]) if args else None
    if top is None or not run.files.is_whole:
        return run.unknown(node)
    found = Items()
    pending = [(top, str(args[0]))]
    while pending:
        folder, shown = pending.pop()
        names = run.files.names(folder) or []
        inner = [name for name in names if run.files.is_folder(posixpath.join(folder, name))]
        found.append((shown, Items(inner), Items(name for name in names if name not in inner)))
        pending += [(posixpath.join(folder, name), posixpath.join(shown, name)) for name in reversed(inner)]
        run.budget.elements(len(found) + len(names))
    return found


def _made(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not all(isinstance(arg, str | PurePosixPath) for arg in args):
        return run.unknown(node, shape=HOLE)
    return PurePosixPath(*args)


def of_path(  # noqa: PLR0911  one answer for each kind of method
    run: Interpreter, node: ast.Call, path: PurePosixPath, name: str, args: list[Value], named: dict[str, Value]
) -> Value:
    """A method of a path."""
    if name in {"resolve", "absolute"}:
        return PurePosixPath(posixpath.normpath(ROOT / path))
    if name in {"exists", "is_file", "is_dir", "is_symlink"}:
        return _asked(run, node, path, name)
    if name in {"glob", "rglob"} and len(args) == 1 and isinstance(args[0], str):
        below = f"**/{args[0]}" if name == "rglob" else args[0]
        found = globbed(run, node, f"{path}/{below}", recursive=True)
        return Items(map(PurePosixPath, found), found.rest) if isinstance(found, Items) else found
    if name == "iterdir":
        found = _listed(run, node, [path], {})
        return Items(path / one for one in found) if isinstance(found, Items) else found
    if name in {"read_text", "open"}:
        file = opened(run, node, [path, *args], named) if name == "open" else opened(run, node, [path], {})
        return file.text if name == "read_text" and isinstance(file, OpenFile) else file
    if not is_known(tuple(args)):
        return run.unknown(node)
    if name == "joinpath":
        return _made(run, node, [path, *args], {})
    if name in _PLAIN_METHODS:
        return operators.guarded(run, node, lambda: getattr(path, name)(*args))
    return run.unknown(node)


def path_libraries() -> dict[str, Library]:
    """os.path, pathlib, glob."""
    plain = {
        name: pure(f"os.path.{name}", lambda path, name=name: getattr(posixpath, name)(str(path)))
        for name in ("dirname", "basename", "splitext", "normpath", "isabs", "split", "normcase")
    }
    asked = {name: _asks(name) for name in ("exists", "isfile", "isdir", "islink", "lexists")}
    models: dict[str, Model] = {"join": _join, "abspath": _absolute, "realpath": _absolute, "relpath": _relative}
    own = {name: Native(f"os.path.{name}", model) for name, model in models.items()}
    return {
        "os.path": library("os.path", sep="/", **plain, **asked, **own),
        "glob": library("glob", glob=Native("glob.glob", _glob), iglob=Native("glob.iglob", _glob)),
        "pathlib": library("pathlib", **{
            name: Native(name, _made) for name in ("Path", "PurePath", "PosixPath", "PurePosixPath")
        }),
    }  # fmt: skip


def listing() -> dict[str, Native]:
    """`os.listdir` and `os.walk`."""
    return {"listdir": Native("os.listdir", _listed), "walk": Native("os.walk", _walked)}
