"""The variables that decide builds, and where the packages of the active environment lie."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from buildDoctor.core.evidence import Environment


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The deciding variables; an empty text for one that is not set."""
    values = os.environ if variables is None else variables
    return Environment(**{field.name: values.get(field.name, "") for field in dataclasses.fields(Environment)})


def site_packages(python: str | None) -> tuple[Path, ...]:
    """The site-packages folders of an environment, found without starting its Python.

    Args:
        python: an interpreter or the folder of an environment; without it the active environment, then this one.
    """
    if python is not None:
        return _below(_root_of(Path(python)))
    active = os.environ.get("VIRTUAL_ENV") or os.environ.get("CONDA_PREFIX")
    if active:
        return _below(Path(active))
    return _below(Path(sys.prefix))


def _root_of(python: Path) -> Path:
    """The environment of an interpreter: the folder above `bin`. A link is not followed: it leads out of the environment."""
    return python if python.is_dir() else python.parent.parent


def _below(root: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder for folder in root.glob("lib*/python3*/site-packages") if folder.is_dir()))
