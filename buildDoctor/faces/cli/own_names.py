"""What this machine and its user are called, so that a report for others can leave it out."""

from __future__ import annotations

import getpass
import os
import platform
from pathlib import Path

from buildDoctor.core.redaction import Names


def own_names() -> Names:
    """The names; empty where the system tells none."""
    home = os.environ.get("HOME", "")
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that no list of users has.
        user = ""
    homes = [home, str(Path(home).resolve())] if home else []
    named = [Path(one).name for one in homes]
    return Names(homes=tuple(dict.fromkeys(homes)), users=tuple(dict.fromkeys([user, *named])), host=platform.node())
