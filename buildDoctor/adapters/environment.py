"""The variables that decide builds, and where the packages of the active environment lie."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Environment


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The deciding variables; an empty text for one that is not set."""
    values = os.environ if variables is None else variables
    return Environment(**{field.name: values.get(field.name, "") for field in dataclasses.fields(Environment)})


def site_packages(python: str | None) -> tuple[Path, ...]:
    """The site-packages folders of an environment, found without starting its Python.

    Args:
        python: an interpreter or the folder of an environment; without it the active environment, then this one.

    Raises:
        RequestError: there is no such interpreter or folder.
    """
    if python is not None:
        return _below(_root_of(Path(python)))
    active = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    if active:
        return _below(Path(active))
    return _below(Path(sys.prefix))


def _root_of(python: Path) -> Path:
    """The environment of an interpreter: the folder above `bin`. A link is not followed: it leads out of the environment."""
    if python.is_dir():
        return python
    # A bare name is what a shell would start.
    found = python if python.parent.parts else Path(shutil.which(python) or python)
    if not found.exists():
        raise RequestError(f"--python {python}: there is no such interpreter or folder of an environment")
    return found.absolute().parent.parent


def _below(root: Path) -> tuple[Path, ...]:
    """The folders of packages below a prefix; Debian names those of its own Python differently."""
    names = ("site-packages", "dist-packages")
    return tuple(sorted(folder for name in names for folder in root.glob(f"lib*/python3*/{name}") if folder.is_dir()))
