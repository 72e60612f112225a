"""Extensions, and the call of `setup` that takes them."""

from __future__ import annotations

import ast

from buildDoctor.adapters.setup_script.doubts import touch
from buildDoctor.adapters.setup_script.interpreter import Interpreter, SetupCall
from buildDoctor.adapters.setup_script.values import (
    ClassValue,
    ExceptionValue,
    ExtensionValue,
    Items,
    Native,
    Table,
    Value,
)

_POSITIONS = ("name", "sources", "include_dirs", "define_macros")
_MORE = "*"


def _maker(kind: str) -> Native:
    def call(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
        return _made(run, node, kind, args, named)

    return Native(kind, call)


def _made(run: Interpreter, node: ast.Call, kind: str, args: list[Value], named: dict[str, Value]) -> ExtensionValue:
    values = dict(zip(_POSITIONS, args, strict=False)) | named
    doubt = values.pop(_MORE, None)
    for name in ("name", "sources", "extra_compile_args", "define_macros"):
        default = Items() if name != "extra_compile_args" else Table()
        values.setdefault(name, default if doubt is None else doubt)
    made = ExtensionValue(kind, run.place(node), values)
    if run.vague:
        run.made.append(made)
    return made


def of_class(run: Interpreter, node: ast.Call, kind: ClassValue, args: list[Value], named: dict[str, Value]) -> Value:
    """An instance of a class of the script: an extension, an exception, or something whose methods are not followed."""
    above = _ancestors(kind)
    extension = next((base for base in above if base in EXTENSIONS), None)
    if extension is not None:
        # Its own `__init__` may turn the arguments into something else; torch's are functions and cannot be bases.
        return _made(run, node, kind.name, args, named)
    if any(base.endswith(("Error", "Exception")) for base in above):
        return ExceptionValue(kind.name, args[0] if args and isinstance(args[0], str) else "")
    touch(f"what the class {kind.name} does to it at {run.place(node)}", *args, *named.values())
    if kind.node is not None and any(isinstance(one, ast.FunctionDef) for one in kind.node.body):
        run.patched = run.patched or f"the methods of {kind.name}, which is used at {run.place(node)}, are not followed"
    return run.unknown(node, behind=(*args, *named.values()))


def _ancestors(kind: ClassValue) -> list[str]:
    found: list[str] = []
    pending = [kind]
    while pending and len(found) < 50:
        for base in pending.pop().bases:
            name = getattr(base, "name", None) or getattr(base, "key", "").rpartition(".")[2]
            found.append(str(name))
            pending += [base] if isinstance(base, ClassValue) else []
    return found


def _setup(run: Interpreter, node: ast.Call, _args: list[Value], named: dict[str, Value]) -> Value:
    doubt = named.get(_MORE)
    extensions = named.get("ext_modules", Items() if doubt is None else doubt)
    commands = named.get("cmdclass")
    build = commands.get("build_ext") if isinstance(commands, Table) else commands
    run.calls.append(SetupCall(extensions, build, run.place(node)))
    return run.unknown(node)


def changes_flags(kind: Value) -> str | None:
    """Where a build command of the script may change flags while it builds; its body is not followed."""
    if not isinstance(kind, ClassValue) or kind.node is None:
        return None
    for inner in ast.walk(kind.node):
        words = inner.value if isinstance(inner, ast.Constant) else getattr(inner, "attr", None)
        if isinstance(words, str) and any(
            sign in words for sign in ("extra_compile_args", "gencode", "compute_", "CUDA_ARCH")
        ):
            return f"{kind.name} ({kind.place})"
    return None


def own_build(kind: Value) -> str | None:
    """The build command of the script that replaces the making of an extension, rather than going around it."""
    if not isinstance(kind, ClassValue) or kind.node is None:
        return None
    for method in kind.node.body:
        if isinstance(method, ast.FunctionDef) and method.name in {"build_extension", "build_extensions", "run"}:
            called = {
                inner.func.attr
                for inner in ast.walk(method)
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute)
            }
            if method.name not in called:
                return f"class {kind.name} ({kind.place})"
    return None


SETUP = Native("setup", _setup)
EXTENSIONS = {kind: _maker(kind) for kind in ("CUDAExtension", "CppExtension", "SyclExtension", "Extension")}
