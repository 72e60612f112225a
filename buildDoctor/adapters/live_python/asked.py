"""Runs in a process of the examined Python: says, line by line, what only a running process knows.

Standard library of Python 3.8 and newer; torch is imported here and nowhere else. Each answer is a line of its own, so
that a crash takes nothing away of what was said before it.
"""

import importlib
import importlib.machinery
import json
import sys
from typing import Any

MARK = "build-doctor-answer:"


def say(kind: str, **answer: object) -> None:
    """One answer."""
    print(MARK + json.dumps(dict(answer, kind=kind)), flush=True)


def found(name: str) -> str:
    """The file that an import of a dotted name would load; its packages are looked up, not imported."""
    paths: Any = None
    spec = None
    parts = name.split(".")
    for at in range(len(parts)):
        spec = importlib.machinery.PathFinder.find_spec(".".join(parts[: at + 1]), paths)
        if spec is None:
            return ""
        paths = spec.submodule_search_locations
    return (spec.origin or "") if spec else ""


def tell_torch() -> Any:  # noqa: ANN401  a module that is not at hand
    """The torch of this Python; None when it does not work."""
    say("doing", what="importing torch")
    try:
        torch: Any = importlib.import_module("torch")
    except Exception as error:  # noqa: BLE001  whatever an import may raise is the answer
        say("torch", version="", path="", error=f"{type(error).__name__}: {error}"[:2000])
        return None
    say("torch", version=str(torch.__version__), path=str(torch.__file__), error="")
    say("doing", what="asking torch for its GPUs")
    try:
        say("architectures", architectures=list(torch.cuda.get_arch_list()))
        devices = [torch.cuda.get_device_properties(at) for at in range(torch.cuda.device_count())]
        told = [
            {"name": d.name, "capability": f"{d.major}.{d.minor}", "uuid": f"GPU-{getattr(d, 'uuid', '')}"}
            for d in devices
        ]
        say("devices", devices=told)
    except Exception as error:  # noqa: BLE001  as above
        say("error", error=f"{type(error).__name__}: {error}"[:2000])
    return torch


def tell_library(torch: Any, path: str, module: str) -> None:  # noqa: ANN401  as above
    """What a shared object registers."""
    say("doing", what="loading " + path)
    before: Any = set()
    error = ""
    try:
        before = set(torch._C._dispatch_get_all_op_names())  # noqa: SLF001  there is no other way to list them
        torch.ops.load_library(path)
    except Exception as raised:  # noqa: BLE001  as above
        error = f"{type(raised).__name__}: {raised}"[:2000]
    operators = sorted(set(torch._C._dispatch_get_all_op_names()) - before)  # noqa: SLF001  as above
    say("library", path=path, module=module, found=found(module), operators=operators[:2000], error=error)


def main() -> None:
    """Answers for the files and modules that are named."""
    torch = tell_torch()
    words = sys.argv[1:]
    for path, module in zip(words[::2], words[1::2]):  # noqa: B905  Python 3.9 has no strict
        if torch is not None:
            tell_library(torch, path, module)
    say("doing", what="")


main()
