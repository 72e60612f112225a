"""The terminal UI. Nothing else imports Textual."""

from __future__ import annotations

from buildDoctor.faces.tui.app import run

__all__ = ["run"]
