"""The lists inside torch's own build helper, `torch/utils/cpp_extension.py`: parsed, never executed."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator
from pathlib import Path

from buildDoctor.core.evidence import NotSeen, Origin
from buildDoctor.core.plan.torch_helper import ExtensionHelper

_FILE = "torch/utils/cpp_extension.py"
_LARGEST = 1 << 21
_FUNCTION = "_get_cuda_arch_flags"
_ACCEPTED, _NAMES = "supported_arches", "named_arches"

Finding = tuple[ExtensionHelper | None, NotSeen | None, Origin | None]


def read_extension_helper(place: Path) -> Finding:
    """What the helper of a torch accepts, why it was not seen, and where it stands.

    Args:
        place: a site-packages folder, the folder of the package torch, or a wheel of torch.
    """
    name = f"{place}!{_FILE}" if place.is_file() else str(_folder(place) / _FILE)
    text = _read(place)
    if text is None:
        return None, _missing(f"{name} is not there or cannot be read"), None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, _missing(f"{name} is not Python that can be parsed"), None
    found = {target: (value, line) for target, value, line in _assignments(tree)}
    accepted = found.get(_ACCEPTED)
    architectures = _texts(accepted[0]) if accepted else None
    if accepted is None or architectures is None:
        return None, _missing(f"{name} has no list {_ACCEPTED} that can be read"), None
    names = _pairs(found[_NAMES][0]) if _NAMES in found else ()
    origin = Origin(path="torch.extension_architectures", source=f"{name}, line {accepted[1]}")
    return ExtensionHelper(architectures=architectures, names=names), None, origin


def _missing(reason: str) -> NotSeen:
    return NotSeen(
        path="torch.extension_architectures", reason=f"{reason}; what torch's build helper accepts is not known"
    )


def _folder(place: Path) -> Path:
    """The folder that holds the folder torch."""
    return place.parent if (place / "version.py").is_file() and place.name == "torch" else place


def _read(place: Path) -> bytes | None:
    try:
        if place.is_file():
            with zipfile.ZipFile(place) as archive:
                return archive.read(_FILE) if archive.getinfo(_FILE).file_size <= _LARGEST else None
        path = _folder(place) / _FILE
        return path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except Exception:  # noqa: BLE001  zipfile and the decompressors raise unrelated types on damaged input
        return None


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr, int]]:
    """What the function that makes the flags assigns to plain names."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == _FUNCTION]
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value, node.lineno


def _texts(node: ast.expr) -> tuple[str, ...] | None:
    """The texts of a list; nothing when it is no list of texts."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        return None
    return tuple(value)


def _pairs(node: ast.expr) -> tuple[tuple[str, str], ...]:
    """The pairs of `OrderedDict([(…, …), …])` or of a dictionary; none when it is neither."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    try:
        pairs = dict(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ()
    return tuple((name, value) for name, value in pairs.items() if isinstance(name, str) and isinstance(value, str))
