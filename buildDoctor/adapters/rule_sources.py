"""The places that rules come from: files found in folders, and what each place is called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.toml_files import FileProblem, about_file

PACK_FILE = "rule-pack.toml"
"""Says what a folder of rules needs; it is no rule."""
_SUFFIX = ".toml"
_MOST_FILES = 2_000
_PROJECT_FOLDER = Path(".build-doctor", "rules")
_PACKAGED = Path(__file__).parent.parent / "rules"
_CHECKOUT = Path(__file__).parent.parent.parent / "rules"


class SourceKind(StrEnum):
    """Who gave a rule; later ones are nearer to the user."""

    BUILT_IN = "built-in"
    PACKAGE = "package"
    USER = "user"
    PROJECT = "project"
    OPTION = "--rules"


class RuleSource(Struct, frozen=True):
    """One place that rules come from."""

    kind: SourceKind
    path: Path
    """A folder, or a rule file."""
    name: str = ""
    """The installed package, where it is one."""

    @property
    def words(self) -> str:
        """What tables call it."""
        return f"{self.kind} {self.name}".rstrip()


def builtin_folder() -> Path:
    """The folder of the rules that come with build-doctor."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def user_source() -> RuleSource | None:
    """The rules of the user's config folder, when there are some."""
    import platformdirs  # noqa: PLC0415 - not needed where the request is wrong

    folder = platformdirs.user_config_path("build-doctor") / "rules"
    return RuleSource(SourceKind.USER, folder) if _is_folder(folder) else None


def project_source(project: Path) -> RuleSource | None:
    """The rules of an examined project, when it has some."""
    folder = project / _PROJECT_FOLDER
    return RuleSource(SourceKind.PROJECT, folder) if _is_folder(folder) else None


def _is_folder(path: Path) -> bool:
    """Whether there is a folder; one that may not be reached is none. A path's own method raises then."""
    return os.path.isdir(path)  # noqa: PTH112  see above


def rule_files(source: RuleSource, problems: list[FileProblem]) -> Iterator[Path]:
    """The rule files of a place, and `rule-pack.toml` before what it speaks of; in a fixed order."""
    if not _is_folder(source.path):
        if not os.path.lexists(source.path):
            problems.append(about_file(source.path, "there is no such rule file or folder"))
        else:
            yield source.path
        return
    for count, file in enumerate(_below(source.path, problems)):
        if count >= _MOST_FILES:
            message = f"the folder has more than {_MOST_FILES:,} rule files; the others are not read"
            problems.append(about_file(source.path, message))
            return
        yield file


def _below(folder: Path, problems: list[FileProblem]) -> Iterator[Path]:
    """The TOML files below a folder; links to folders are not followed, so that a circle of them ends."""

    def note(error: OSError) -> None:
        problems.append(about_file(str(error.filename), f"the folder cannot be read: {error.strerror}"))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders.sort()
        for name in sorted(names, key=lambda name: (name != PACK_FILE, name)):
            if name.endswith(_SUFFIX):
                yield Path(parent, name)
