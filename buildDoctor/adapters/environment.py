"""The variables that decide builds, and the environment whose packages are examined."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.small_files import read_small, unlisted
from buildDoctor.core.device.visible_gpus import HIDES_ALL
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Environment

_LARGEST_CONFIGURATION = 1 << 16
_VERSIONED = re.compile(r"python(\d+\.\d+t?)")
_UV = re.compile(r"^uv\s*=", re.MULTILINE)
_LONGEST = 4096
"""Characters of a variable that are kept."""


class Prefix(Struct, frozen=True):
    """An environment."""

    root: Path
    """Its folder."""
    found_by: str
    """What leads to it."""
    version: str = ""
    """The Python that its interpreter is called by, such as `3.12`; empty where the name does not say."""


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The deciding variables; an empty text for one that is not set."""
    values = os.environ if variables is None else variables
    found = {name: values.get(name, "")[:_LONGEST] for name in Environment.__struct_fields__}
    if values.get("CUDA_VISIBLE_DEVICES") == "":
        found["CUDA_VISIBLE_DEVICES"] = HIDES_ALL
    return Environment(**found)


def site_packages(python: str | None) -> tuple[Path, ...]:
    """The site-packages folders of an environment, found without starting its Python.

    Args:
        python: an interpreter or the folder of an environment; without it the active environment, then the nearest
            `.venv` of the current folder and those above it, then the Python of this process.

    Raises:
        RequestError: there is no such interpreter or folder.
    """
    return packages_of(prefix_of(python))


def prefix_of(python: str | None) -> Prefix:
    """The environment to examine; the arguments and errors are those of `site_packages`."""
    if python is not None:
        return _named(Path(python))
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if os.environ.get(name):
            return Prefix(Path(os.environ[name]), name)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if _is_file(folder / ".venv" / "pyvenv.cfg"):
            return Prefix(folder / ".venv", ".venv")
    return Prefix(Path(sys.prefix), "the Python of build-doctor")


def packages_of(prefix: Prefix) -> tuple[Path, ...]:
    """The folders of packages below a prefix; Debian names those of its own Python differently, and splits them.

    One that cannot be read has none: `unreadable` says why.
    """
    if unlisted(prefix.root):
        return ()
    names = ("site-packages", "dist-packages")
    # What an administrator installs into the system's Python goes to /usr/local.
    roots = [prefix.root] + ([prefix.root / "local"] if prefix.root.name == "usr" else [])
    found = [folder for root in roots for name in names for folder in root.glob(f"lib*/python3*/{name}")]
    taken = sorted(folder for folder in found if folder.is_dir() and not _is_link_within(folder, roots))
    fitting = [folder for folder in taken if folder.parent.name in {f"python{prefix.version}", "python3"}]
    return tuple(fitting if prefix.version and fitting else taken)


def unreadable(prefix: Prefix) -> str:
    """Why an environment that is there cannot be examined, in words; empty when it can."""
    for folder in (prefix.root, *packages_of(prefix)):
        if reason := unlisted(folder):
            return f"{folder} of the environment that {prefix.found_by} leads to cannot be read: {reason}"
    return ""


def kind_of(prefix: Prefix) -> str:
    """What made an environment: `virtualenv`, `uv`, `conda` or `system`."""
    if (prefix.root / "conda-meta").is_dir():
        return "conda"
    text = read_small(prefix.root / "pyvenv.cfg", _LARGEST_CONFIGURATION)
    if text is None:
        return "system"
    return "uv" if _UV.search(text) else "virtualenv"


def interpreter_of(prefix: Prefix) -> Path | None:
    """The Python of an environment; none when it has none."""
    for name in ("python", f"python{prefix.version or 3}", "python3"):
        path = prefix.root / "bin" / name
        if _is_file(path):
            return path
    return None


def _named(python: Path) -> Prefix:
    """The environment of an interpreter: the folder above `bin`. A link is not followed: it leads out of the environment."""
    try:
        is_folder = python.is_dir()
    except PermissionError as error:
        raise RequestError(f"--python {python}: it cannot be read: {error.strerror}") from None
    if is_folder:
        return Prefix(python, "--python")
    # A bare name is what a shell would start.
    found = python if python.parent.parts else Path(shutil.which(python) or python)
    if not found.is_file():
        raise RequestError(f"--python {python}: there is no such interpreter or folder of an environment")
    named = _VERSIONED.fullmatch(found.name) or _VERSIONED.fullmatch(found.resolve().name)
    return Prefix(found.absolute().parent.parent, "--python", named[1] if named else "")


def _is_file(path: Path) -> bool:
    """Whether there is a file; what cannot be looked at is none."""
    return os.path.isfile(path)  # noqa: PTH113  Path.is_file raises for a folder that is closed to this user


def _is_link_within(folder: Path, roots: list[Path]) -> bool:
    """Whether a folder is another name of one that is found anyway, as lib64 is of lib."""
    real = folder.resolve()
    return (
        real != folder.absolute()
        and any(real.is_relative_to(root.resolve()) for root in roots)
        and "lib64" in folder.parts
    )
