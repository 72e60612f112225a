"""What torch, FlashInfer and triton compiled on this machine when it was first needed: where it lies.

torch.utils.cpp_extension.load builds into `~/.cache/torch_extensions/py312_cu129/NAME` with a `build.ninja`; FlashInfer
into `~/.cache/flashinfer/VERSION/ARCHITECTURES/cached_ops/NAME`; triton keeps a `.cubin` for each kernel in
`~/.triton/cache/HASH`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.small_files import read_small

_MOST_FOLDERS = 200
_MOST_CUBINS = 500
_LARGEST = 1 << 22
_HOME = re.compile(r"^cuda_home\s*=\s*(\S.*?)\s*$|^nvcc\s*=\s*(\S+?)/bin/nvcc\s*$", re.MULTILINE)


class Compiled(Struct, frozen=True):
    """One thing that was compiled."""

    tool: str
    name: str
    folder: Path
    files: tuple[Path, ...]
    """Its files with device code."""
    cuda_home: str


def compiled_caches(variables: Mapping[str, str], home: Path) -> Iterator[Compiled]:
    """What was compiled, in a fixed order.

    Args:
        variables: the environment variables, which may name other folders.
        home: the user's folder.
    """
    cache = Path(variables.get("XDG_CACHE_HOME") or home / ".cache")
    torch = variables.get("TORCH_EXTENSIONS_DIR")
    for folder in _libraries(Path(torch) if torch else cache / "torch_extensions", depth=2):
        yield _of_folder("torch", folder)
    base = variables.get("FLASHINFER_WORKSPACE_BASE")
    for folder in _libraries((Path(base) if base else home) / ".cache" / "flashinfer", depth=5):
        yield _of_folder("flashinfer", folder)
    triton = Path(variables.get("TRITON_CACHE_DIR") or home / ".triton" / "cache")
    cubins = tuple(sorted(islice(_matching(triton, "*/*.cubin"), _MOST_CUBINS)))
    if cubins:
        yield Compiled("triton", "", triton, cubins, "")


def _of_folder(tool: str, folder: Path) -> Compiled:
    return Compiled(tool, folder.name, folder, tuple(sorted(_matching(folder, "*.so"))), _cuda_home(folder))


def _libraries(root: Path, depth: int) -> list[Path]:
    """The folders with shared objects, at most so many below the root."""
    patterns = ["/".join(["*"] * level + ["*.so"]) for level in range(1, depth + 1)]
    found = {path.parent for pattern in patterns for path in islice(_matching(root, pattern), _MOST_FOLDERS)}
    return sorted(found)[:_MOST_FOLDERS]


def _matching(root: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from root.glob(pattern)
    except OSError:
        return


def _cuda_home(folder: Path) -> str:
    """The toolkit that the build file of ninja names."""
    for path in (folder / "build.ninja", folder.parent / "build.ninja"):
        found = _HOME.search(read_small(path, _LARGEST) or "")
        if found:
            return found[1] or found[2]
    return ""
