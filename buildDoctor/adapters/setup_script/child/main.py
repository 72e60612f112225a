"""Runs one setup.py inside the child process, and writes what it asked for as JSON."""

from __future__ import annotations

import builtins
import inspect
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import packaging.version  # noqa: F401  while it can still be found; scripts compare versions with it

from buildDoctor.adapters.setup_script.child.confine import NEEDED, confine
from buildDoctor.adapters.setup_script.child.stand_ins import NoStandIn, Recorder

_BUILDING = ("build_extension", "build_extensions", "run")
_FLAG_WORDS = ("extra_compile_args", "gencode", "compute_", "CUDA_ARCH")


def main(facts_file: str) -> None:
    """Confine this process, run the script, write the record to standard output.

    Args:
        facts_file: a JSON file that says what the script finds: the tree, the variables, the toolkit, torch.
    """
    facts = json.loads(Path(facts_file).read_text(encoding="utf-8"))
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What the script prints is no part of the record.
    os.dup2(2, 1)
    tree = facts["tree"]
    library = str(Path(os.__file__).parent)
    held = confine([library, "/usr/lib", "/lib", "/lib64"], tree, facts["empty"], facts["seconds"])
    if not set(NEEDED) <= set(held):
        record: dict[str, Any] = {"held": held, "refused": True}
    else:
        record = {"held": held, **_recorded(facts, tree, library)}
    json.dump(record, answer)
    answer.flush()
    # Nothing that the script left behind runs any more.
    os._exit(0)


def _recorded(facts: dict[str, Any], tree: str, library: str) -> dict[str, Any]:
    """Run the script; what it asked for, and why it stopped."""
    recorder = Recorder(facts)
    for name in [name for name in sys.modules if name.split(".")[0] in {"subprocess", "setuptools", "distutils"}]:
        del sys.modules[name]
    modules = recorder.modules()
    sys.modules.update(modules)
    helper = modules["torch.utils.cpp_extension"]
    before = dict(vars(helper))
    sys.path[:] = [tree, library, f"{library}/lib-dynload"]
    sys.argv[:] = ["setup.py", "bdist_wheel"]
    os.environ.clear()
    os.environ.update(facts["environment"])
    stop = _run(f"{tree}/setup.py", tree)
    patched = [
        name for name, value in vars(helper).items() if before.get(name, value) is not value or name not in before
    ]
    return {
        "extensions": [_plain(extension) for extension in recorder.extensions],
        "build": _own_build(recorder.build),
        "changes_flags": _changes_flags(recorder.build),
        "patched": sorted(patched),
        "calls": recorder.calls,
        "missing": recorder.missing,
        "arch_list": os.environ.get("TORCH_CUDA_ARCH_LIST"),
        # What happens after it asked for its extensions changes nothing any more.
        "stop": "" if recorder.calls else stop,
    }


def _run(path: str, tree: str) -> str:
    """Run a script as a main module; why it stopped early, or nothing."""
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        code = compile(text, path, "exec", dont_inherit=True)
        exec(code, {"__name__": "__main__", "__file__": path, "__builtins__": builtins})  # noqa: S102  the user asked for it
    except SystemExit as error:
        return "" if error.code in {None, 0} else f"it exits with {error.code}"
    except NoStandIn as error:
        return f"{_place(error, tree)}: it asks for {error}, for which there is no stand-in"
    except BaseException as error:  # noqa: BLE001  whatever the script raises is the answer
        return f"{_place(error, tree)}: {type(error).__name__}: {error}"[:500]
    return ""


def _place(error: BaseException, tree: str) -> str:
    """The innermost line of the tree that an exception passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(f"{tree}/")]
    return f"{inside[-1].filename[len(tree) + 1 :]}:{inside[-1].lineno}" if inside else "setup.py"


def _plain(extension: Any) -> dict[str, Any]:  # noqa: ANN401  whatever the script put into the list
    arguments = getattr(extension, "extra_compile_args", None) or {}
    flags = arguments.get("nvcc", []) if isinstance(arguments, dict) else arguments
    kind = type(extension).__name__
    return {
        "name": str(getattr(extension, "name", "")),
        "kind": str(getattr(extension, "kind", kind)) if kind == "Extension" else kind,
        "line": getattr(extension, "line", 0),
        "sources": [str(source) for source in getattr(extension, "sources", ())],
        "flags": [str(flag) for flag in flags],
        "macros": [
            [str(name), None if value is None else str(value)]
            for name, value in getattr(extension, "define_macros", ())
        ],
    }


def _own_build(command: Any) -> str:  # noqa: ANN401  a class of the script, or nothing
    """The script's own class that replaces the making of an extension, rather than going around it."""
    for name in _BUILDING if inspect.isclass(command) else ():
        method = vars(command).get(name)
        if inspect.isfunction(method) and name not in method.__code__.co_names:
            return f"class {command.__name__}"
    return ""


def _changes_flags(command: Any) -> bool:  # noqa: ANN401  as above
    methods = [one for one in vars(command).values() if inspect.isfunction(one)] if inspect.isclass(command) else []
    words = [word for method in methods for word in (*method.__code__.co_names, *method.__code__.co_consts)]
    return any(sign in word for word in words if isinstance(word, str) for sign in _FLAG_WORDS)
