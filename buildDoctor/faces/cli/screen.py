"""How wide a terminal is, and whether it takes colours."""

from __future__ import annotations

import argparse

from buildDoctor.faces.cli import width
from buildDoctor.faces.cli.main import wants_color
from buildDoctor.faces.reports.ink import Ink

_WIDEST = 100
_NARROWEST = 40


def columns() -> int:
    """The columns to wrap at; longer lines are hard to read, and shorter ones leave no room for words."""
    return max(_NARROWEST, min(width.columns(), _WIDEST))


def ink_for(arguments: argparse.Namespace) -> Ink:
    """Colours for standard output, where they are wanted."""
    return Ink(wants_color(no_color=arguments.no_color))
