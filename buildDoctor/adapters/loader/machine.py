"""What the loader knows about a machine before it looks for anything: its folders, its cache, its processor."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.adapters.loader.cache import MOST_BYTES, Cache, read_cache
from buildDoctor.adapters.loader.tree import Tree

CACHE = "/etc/ld.so.cache"
MACHINES = {62: "x86_64", 183: "aarch64"}
"""The values of e_machine whose loader's rules are known here."""
_LOADER_FOLDERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
_LEVELS = {
    "x86-64-v4": frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
    "x86-64-v3": frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}),
    "x86-64-v2": frozenset({"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"}),
}
"""What a processor must have for each subfolder of glibc-hwcaps, as the x86-64 psABI defines the levels, in the words of
/proc/cpuinfo; each level includes those beneath it."""


class Machine(Struct, frozen=True):
    """How the loader of a machine searches."""

    number: int
    """e_machine of what it loads."""
    name: str
    """The processor, as platform tags write it; what `$PLATFORM` stands for."""
    library_folder: str
    """What `$LIB` stands for."""
    default_folders: tuple[str, ...]
    """Where it looks last."""
    levels: tuple[str, ...]
    """The subfolders of glibc-hwcaps that this processor can use, the best first."""
    cache: Cache
    cache_problem: str = ""
    """Why the cache could not be used; empty when it could."""


def read_machine(tree: Tree, number: int) -> Machine:
    """How the loader for one kind of processor searches in a tree.

    Args:
        tree: The files.
        number: One of `MACHINES`.
    """
    name = MACHINES[number]
    multiarch = f"lib/{name}-linux-gnu"
    # Debian compiles these into its loader; others have lib64.
    debian = tree.is_folder(f"/{multiarch}") or tree.is_folder(f"/usr/{multiarch}")
    library = multiarch if debian else "lib64"
    folders = (f"/{library}", f"/usr/{library}", *(("/lib", "/usr/lib") if debian or number != 62 else ()))
    levels = _levels(tree) if number == 62 else ()
    content = tree.content(CACHE, MOST_BYTES)
    cache = read_cache(content, number, levels) if content is not None else "there is none"
    problem = cache if isinstance(cache, str) else ""
    return Machine(number, name, library, folders, levels, Cache() if isinstance(cache, str) else cache, problem)


def is_standard_loader(interpreter: str, name: str) -> bool:
    """Whether a program asks for the loader of glibc in its usual place, whose folders and cache are the usual ones."""
    folder, _, file = interpreter.rpartition("/")
    usual = (*_LOADER_FOLDERS, *(f"{at}/{name}-linux-gnu" for at in _LOADER_FOLDERS))
    return file.startswith("ld-linux") and folder in usual


def _levels(tree: Tree) -> tuple[str, ...]:
    """What this processor can use; of a tree that is not this machine's, what /proc/cpuinfo in it says."""
    text = (tree.content("/proc/cpuinfo", 1 << 16) or b"").decode("utf-8", "replace")
    line = next((line for line in text.splitlines() if line.startswith("flags")), "")
    flags = set(line.split())
    usable: list[str] = []
    for level in reversed(_LEVELS):
        if not _LEVELS[level] <= flags:
            break
        usable.insert(0, level)
    return tuple(usable)
