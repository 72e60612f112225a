"""The terminal UI. Nothing else imports Textual."""

from __future__ import annotations

from buildDoctor.faces.tui.app import run
from buildDoctor.faces.tui.asking import services_for

__all__ = ["run", "services_for"]
