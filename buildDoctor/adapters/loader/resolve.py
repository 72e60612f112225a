"""For each shared object of an environment: which file every needed library would be, and what goes wrong with it."""

from __future__ import annotations

import posixpath
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.loader.elsewhere import Elsewhere
from buildDoctor.adapters.loader.judged import Judged, mixed_in, resolved_of
from buildDoctor.adapters.loader.machine import MACHINES, Machine, is_standard_loader, read_machine
from buildDoctor.adapters.loader.objects import Needs, read_needs
from buildDoctor.adapters.loader.process import Object, Process
from buildDoctor.adapters.loader.torch_first import import_torch
from buildDoctor.adapters.loader.tree import Tree
from buildDoctor.core.evidence import Loader, MixedLibrary, Origin, ResolvedLibrary
from buildDoctor.core.symbols import Owner, owner_of_library

DRIVER = "libcuda.so.1"


class Environment(Struct, frozen=True, kw_only=True):
    """Where files are loaded."""

    packages: Path | None = None
    """The folder of its packages, `site-packages`."""
    torch: Path | None = None
    """The folder of its torch."""
    variable: str = ""
    """LD_LIBRARY_PATH."""
    root: str = "/"
    """The folder that is the root of the file system."""


class Resolution(Struct, frozen=True, kw_only=True):
    """What the loader would do with one file; where nothing can be said, why not."""

    resolved: tuple[ResolvedLibrary, ...] | None = None
    mixed: tuple[MixedLibrary, ...] | None = None
    reason: str = ""


class Loading:
    """The process that the files of an environment are loaded into.

    Args:
        environment: Where they are loaded.
        example: One of the files, whose processor decides where no program is found.
    """

    def __init__(self, environment: Environment, example: Path) -> None:
        self._environment = environment
        self._tree = Tree(environment.root)
        self.problem = ""
        """Why nothing can be said about any file."""
        self.loader: Loader | None = None
        """What is known about the process."""
        self._base: Process | None = None
        self._torch_problem = ""
        self._elsewhere = Elsewhere(self._tree, self._within(environment.packages))
        program = self._program()
        machine = self._machine(program, example)
        if isinstance(machine, str):
            self.problem = machine
        else:
            self._begin(machine, program)

    def origins(self) -> tuple[Origin, ...]:
        """Where the values come from."""
        if self.loader is None:
            return ()
        searched = "the folders that the loader searches, from the files themselves; nothing was loaded"
        return (
            Origin(path="loader", source=searched),
            Origin(path="loader.folders", source="LD_LIBRARY_PATH"),
            Origin(path="loader.loaded", source="the program's libraries, and what torch/__init__.py opens (assumed)"),
        )

    def resolve(self, path: Path) -> Resolution:
        """What the loader would do with one file."""
        at = self._within(path)
        if self._base is None or at is None:
            return Resolution(reason=self.problem or f"{path} is outside of the examined file system")
        process = self._base.copy()
        opened, asked = process.open(at)
        if isinstance(opened, str):
            return Resolution(reason=f"{path}: {opened}")
        if opened.needs.machine != process.machine.number:
            return Resolution(reason=f"{path} is for another processor than the {process.machine.name} of this Python")
        for_torch = any(one.found is None and owner_of_library(one.name) is Owner.TORCH for one in asked)
        if for_torch and self._torch_problem:
            return Resolution(reason=f"torch itself does not load: {self._torch_problem}")
        if for_torch and self._environment.torch is None:
            return Resolution(
                reason=f"{path} is loaded after torch, and no torch is examined; name it with --python EXE"
            )
        judged = Judged(process, opened, asked, self._elsewhere)
        # A library of a kind that is judged itself is opened by whoever knows why.
        new = {one.real for one in process.loaded} - {one.real for one in self._base.loaded} - {opened.real}
        return Resolution(resolved=tuple(resolved_of(judged)), mixed=tuple(mixed_in(process.loaded, new)))

    def _within(self, path: Path | None) -> str | None:
        return self._tree.within(path) if path is not None else None

    def _program(self) -> str | None:
        """The interpreter of the environment: `bin/python` beside the folder of its packages."""
        packages = self._within(self._environment.packages)
        root = posixpath.dirname(posixpath.dirname(posixpath.dirname(packages))) if packages else ""
        names = [f"{root}/bin/{name}" for name in ("python3", "python")] if packages else []
        return next((name for name in names if self._tree.is_file(name)), None)

    def _machine(self, program: str | None, example: Path) -> Machine | str:
        """How the loader of the program searches; a text says why that is not known."""
        at = program or self._within(example)
        real = self._tree.real(at) if at is not None else None
        needs = read_needs(real) if real is not None else "there is no such file"
        number = needs.machine if isinstance(needs, Needs) else getattr(needs, "machine", 0)
        if isinstance(needs, str):
            return f"what {at} asks the loader for is not known: {needs}"
        if number not in MACHINES or not isinstance(needs, Needs):
            return f"{at} is for a processor (e_machine {number}) whose loader's rules are not known here"
        name = MACHINES[number]
        if any("musl" in text for text in (needs.interpreter, *needs.needed)):
            return f"{at} is loaded by the loader of musl, whose rules are others than those that are known here"
        if needs.interpreter and not is_standard_loader(needs.interpreter, name):
            return f"{at} is loaded by {needs.interpreter}, whose folders and cache are not known here"
        return read_machine(self._tree, number)

    def _begin(self, machine: Machine, program: str | None) -> None:
        folders = tuple(part for part in self._environment.variable.replace(";", ":").split(":") if part)
        base = Process(self._tree, machine, folders)
        if program is not None:
            base.open(program, program=True)
        torch = self._within(self._environment.torch)
        if torch is not None and self._tree.is_folder(torch):
            base, self._torch_problem = import_torch(base, torch)
        self._base = base
        self.loader = Loader(
            program=program or "",
            folders=folders,
            cache="" if machine.cache_problem else "/etc/ld.so.cache",
            loaded=tuple(one.path for one in base.loaded),
            torch_problem=self._torch_problem,
            mixed=tuple(mixed_in(base.loaded, {one.real for one in base.loaded})),
            driver=self._driver(base),
        )

    def _driver(self, base: Process) -> ResolvedLibrary | None:
        """The driver's library as the CUDA runtime finds it; none where there is nothing that could ask for it."""
        runtime = (one for one in base.loaded if one.name.startswith("libcudart.so"))
        asker: Object | None = next(runtime, base.program)
        if asker is None:
            return None
        hits = list(base.search(DRIVER, asker))
        first = hits[0] if hits else None
        return ResolvedLibrary(
            name=DRIVER,
            path=first.path if first else "",
            by=first.by if first else "",
            needed_by=asker.path,
            direct=False,
            problem="",
            lacks=(),
            shadowed=tuple(dict.fromkeys(hit.path for hit in hits[1:] if first and hit.real != first.real)),
            elsewhere=(),
        )
