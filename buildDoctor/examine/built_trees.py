"""Looks at the build folders of a source tree, and puts them beside its plan."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.build_folder.files import CACHE
from buildDoctor.adapters.build_folder.finding import build_folders, is_build_folder
from buildDoctor.adapters.build_folder.reading import BuildFolder, read_build_folder, source_of
from buildDoctor.adapters.cmake.scripts import scripts_of
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import NotSeen, Origin, Plan
from buildDoctor.core.plan.configured import beside_plan
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options

_SCRIPTS = ("CMakeLists.txt", "setup.py", "pyproject.toml", "CMakePresets.json", "CMakeUserPresets.json")


class Built(Struct, frozen=True):
    """The build folders of a tree as they were read."""

    folders: tuple[BuildFolder, ...] = ()

    def toolkit(self) -> tuple[str, str] | None:
        """The toolkit that they were all configured with, and who says so."""
        versions = {b.configured.cuda_version for b in self.folders if b.configured.cuda_version}
        return (versions.pop(), f"the toolkit of {self._names()}") if len(versions) == 1 else None

    def request(self) -> tuple[tuple[str, ...], str] | None:
        """What they were asked for, as far as their commands show it: the architectures without suffix."""
        asked = {_plain(b.configured.architectures or ()) for b in self.folders} - {()}
        return (asked.pop(), f"what the commands of {self._names()} compile for") if len(asked) == 1 else None

    def _names(self) -> str:
        return " and ".join(str(b.configured.folder) for b in self.folders)


def _plain(architectures: Iterable[str]) -> tuple[str, ...]:
    """The cubins among architectures, without suffix."""
    found = []
    for text in architectures:
        try:
            target = parse(text)
        except ArchitectureError:
            continue
        if not text.startswith("compute_"):
            found.append(target)
    plain = [target for target in found if not target.suffix] or found
    return tuple(dict.fromkeys(target.base for target in sorted(plain)))


def tree_of_build_folder(folder: Path) -> Target | None:
    """What a build folder was configured from, when its build scripts are there; else the folder itself, if it is one."""
    if not is_build_folder(folder):
        return None
    home = source_of(folder)
    if home is not None and (home / "CMakeLists.txt").is_file():
        return Target(Kind.TREE, home, str(home))
    return Target(Kind.FOLDER, folder, str(folder))


def read_built(tree: Path, options: Options) -> Built:
    """The build folders of a tree, and those that the user names."""
    named = [Path(given) for given in (options.source, *options.targets) if given and "\0" not in given]
    folders = [*build_folders(tree), *(folder for folder in named if folder.is_dir() and is_build_folder(folder))]
    if not folders:
        return Built()
    scripts = [tree / name for name in dict.fromkeys((*_SCRIPTS, *scripts_of(tree)))]
    own = {folder.resolve() for folder in folders} - {tree.resolve()}
    scripts = [script for script in scripts if not own & set(script.resolve().parents)]
    several = {folder.resolve(): folder for folder in folders}
    return Built(tuple(read_build_folder(folder, tree, scripts) for folder in several.values()))


def see_built(gathered: Gathered, built: Built) -> None:
    """Put the build folders into the plan; where there is none, they are all of it."""
    plan = gathered.evidence.plan or Plan()
    configured = tuple(beside_plan(one.configured, plan) for one in built.folders)
    origins = [
        Origin(path=f"plan.configured[{number}]", source=f"{one.folder}: {', '.join(one.files or ())}")
        for number, one in enumerate(configured)
    ]
    not_seen = [
        NotSeen(path=f"plan.configured[{number}].{field}", reason=f"{one.configured.folder}: {reason}")
        for number, one in enumerate(built.folders)
        for field, reason in one.not_seen
    ]
    listed = Origin(path="plan.configured", source=f"folders of the tree with a {CACHE} or the like")
    gathered.add(plan=replace(plan, configured=configured), origins=[listed, *origins], not_seen=not_seen)
