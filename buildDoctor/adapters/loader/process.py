"""A process as far as the loader is concerned: what is loaded, and what a further load would bring.

The order of the search is that of `_dl_map_object` in glibc's `elf/dl-load.c`: what is loaded under the name; RPATH of
the file that asks, of those that brought it, and of the program, unless the file that asks has a RUNPATH;
LD_LIBRARY_PATH; RUNPATH; the cache; the default folders. Libraries are taken breadth first.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct, field

from buildDoctor.adapters.loader.machine import Machine
from buildDoctor.adapters.loader.objects import Needs, Other, jit_link_symbols, read_needs
from buildDoctor.adapters.loader.tree import LONGEST_PATH, Tree

MOST_OBJECTS = 2000
"""A process with more libraries is not followed further."""
MOST_FOLDERS = 512
"""Folders of one search path after so many are not searched."""
MOST_ASKERS = 64
"""Files that brought a file, one through the other, after so many are not asked for their RPATH."""


class Object(Struct, frozen=True):
    """A file that is loaded."""

    path: str
    """In the tree, as the loader came to it: no link is followed."""
    real: str
    """On this machine."""
    needs: Needs
    asker: Object | None
    """The file that brought it; none for one that a program opens by itself."""
    by: str
    """What led to it."""
    name: str
    """The name under which it was asked for."""


class Asked(Struct, frozen=True):
    """One library that one file asks for, and what it gets."""

    name: str
    asker: Object
    found: Object | None
    by: str
    """What led to it: `loaded`, `path`, `rpath`, `LD_LIBRARY_PATH`, `runpath`, `cache` or `default`; empty when missing."""
    problem: str = ""
    """Why the file that the search ends at cannot be loaded."""


class Hit(Struct, frozen=True):
    """A file that a search ends at."""

    path: str
    real: str
    by: str
    needs: Needs | str
    """What it asks for; a text says why it cannot be loaded, and then the loader gives up."""


class Process(Struct):
    """What is loaded so far."""

    tree: Tree
    machine: Machine
    variable: tuple[str, ...] = ()
    """The folders of LD_LIBRARY_PATH."""
    program: Object | None = None
    loaded: list[Object] = field(default_factory=list)
    _by_name: dict[str, Object] = field(default_factory=dict)
    _by_file: dict[str, Object] = field(default_factory=dict)
    _read: dict[str, Needs | Other | str] = field(default_factory=dict)
    """Files that were read, by their paths on this machine; shared with the copies."""
    _jit_link: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    """The symbols of nvJitLink in files that were asked for them; shared likewise."""
    complete: bool = True
    """Whether no bound ended the search."""

    def copy(self) -> Process:
        """Another process in the same state."""
        return Process(
            self.tree, self.machine, self.variable, self.program,
            list(self.loaded), dict(self._by_name), dict(self._by_file), self._read, self._jit_link, self.complete,
        )  # fmt: skip

    def open(self, path: str, *, program: bool = False) -> tuple[Object | str, list[Asked]]:
        """Load a file by its path, and what it needs.

        Args:
            path: In the tree.
            program: Whether it is the program itself.

        Returns:
            The file, or why it cannot be loaded, and everything that it and what it needs ask for, breadth first.
        """
        real = self.tree.real(path)
        needs = self.needs_of(real) if real is not None else "there is no such file"
        if isinstance(needs, Other):
            needs = "it is for another kind of processor"
        if isinstance(needs, str) or real is None:
            return str(needs), []
        # The kernel tells the program's own path with links followed, and `$ORIGIN` is taken from it.
        at = real if program and self.tree.root == "/" else path
        first = self._by_file.get(real) or self._add(Object(at, real, needs, None, "path", posixpath.basename(path)))
        if program:
            self.program = first
        return first, list(self._follow(first))

    def needs_of(self, real: str) -> Needs | Other | str:
        """What a file asks for, read once."""
        if real not in self._read:
            self._read[real] = read_needs(real)
        return self._read[real]

    def jit_link_symbols(self, real: str) -> tuple[frozenset[str], frozenset[str]]:
        """The symbols of nvJitLink that a file expects and offers, read once."""
        if real not in self._jit_link:
            self._jit_link[real] = jit_link_symbols(real)
        return self._jit_link[real]

    def _add(self, one: Object) -> Object:
        self.loaded.append(one)
        self._by_file.setdefault(one.real, one)
        for name in (one.name, one.needs.soname):
            if name:
                self._by_name.setdefault(name, one)
        return one

    def _follow(self, first: Object) -> Iterator[Asked]:
        """Everything that a file asks for, and in turn what that asks for."""
        waiting, seen = [first], {id(first)}
        for one in waiting:
            for name in one.needs.needed:
                if len(self.loaded) >= MOST_OBJECTS:
                    self.complete = False
                    return
                asked = self._ask(name, one)
                if asked.found is not None and id(asked.found) not in seen:
                    seen.add(id(asked.found))
                    waiting.append(asked.found)
                yield asked

    def _ask(self, name: str, asker: Object) -> Asked:
        if (known := self._by_name.get(name)) is not None:
            return Asked(name, asker, known, "loaded")
        hit = next(self.search(name, asker), None)
        if hit is None:
            return Asked(name, asker, None, "")
        if isinstance(hit.needs, str):
            return Asked(name, asker, None, hit.by, f"{hit.path}: {hit.needs}")
        if (same := self._by_file.get(hit.real)) is not None:
            self._by_name[name] = same
            return Asked(name, asker, same, "loaded")
        return Asked(name, asker, self._add(Object(hit.path, hit.real, hit.needs, asker, hit.by, name)), hit.by)

    def search(self, name: str, asker: Object) -> Iterator[Hit]:
        """The files that a search for a library passes, the one that is taken first."""
        if "/" in name:
            path = self._expanded(name, asker)
            yield from self._try(path, "path")
            return
        for folder, by in self._folders(asker):
            for place in (*(f"{folder}/glibc-hwcaps/{level}" for level in self.machine.levels), folder):
                yield from self._try(f"{place}/{name}", by)
        if asker.needs.default_libraries:
            for path in self.machine.cache.named(name)[:16]:
                yield from self._try(path, "cache")
            for folder in self.machine.default_folders:
                for place in (*(f"{folder}/glibc-hwcaps/{level}" for level in self.machine.levels), folder):
                    yield from self._try(f"{place}/{name}", "default")

    def _folders(self, asker: Object) -> Iterator[tuple[str, str]]:
        """The folders before the cache, and why each is looked into."""
        if asker.needs.runpath is None:
            chain, at = [], asker
            for _ in range(MOST_ASKERS):
                chain.append(at)
                if at.asker is None:
                    break
                at = at.asker
            if self.program is not None and all(one is not self.program for one in chain):
                chain.append(self.program)
            for one in chain:
                yield from ((folder, "rpath") for folder in self._listed(one.needs.rpath, one))
        yield from ((folder, "LD_LIBRARY_PATH") for folder in self._listed(":".join(self.variable), self.program))
        yield from ((folder, "runpath") for folder in self._listed(asker.needs.runpath, asker))

    def _listed(self, stated: str | None, owner: Object | None) -> Iterator[str]:
        """The folders of a list. An empty one is the current folder of the process, which nobody knows: it is left out."""
        for folder in (stated or "").split(":", MOST_FOLDERS)[:MOST_FOLDERS]:
            expanded = self._expanded(folder, owner)
            if expanded.startswith("/"):
                yield expanded

    def _expanded(self, text: str, owner: Object | None) -> str:
        """A path with what the loader puts in for `$ORIGIN`, `$LIB` and `$PLATFORM`."""
        if "$" not in text:
            return text
        origin = posixpath.dirname(owner.path) if owner is not None else ""
        values = {"ORIGIN": origin, "LIB": self.machine.library_folder, "PLATFORM": self.machine.name}
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value).replace(f"${name}", value)
            if len(text) > LONGEST_PATH:
                return ""
        return text

    def _try(self, path: str, by: str) -> Iterator[Hit]:
        """The file at a path, if the loader would stop there: it passes over files for another processor."""
        real = self.tree.real(path)
        if real is None or not self.tree.is_file(path):
            return
        needs = self.needs_of(real)
        if isinstance(needs, Other) or (isinstance(needs, Needs) and needs.machine != self.machine.number):
            return
        yield Hit(posixpath.normpath(path), real, by, needs)
