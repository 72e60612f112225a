"""The terminal UI. Nothing else imports Textual."""

from __future__ import annotations

import os

# Textual reads it once, when it is imported, and 60 when it is not set. A frame that follows another, as the text about a row
# follows the cursor, waits for up to two of these periods, and the very first frame for one.
os.environ.setdefault("TEXTUAL_FPS", "120")

from buildDoctor.faces.tui.app import run
from buildDoctor.faces.tui.asking import services_for

__all__ = ["run", "services_for"]
