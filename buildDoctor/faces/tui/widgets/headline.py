"""What a screen says first."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from buildDoctor.faces.tui.sheet import QUIET


class Headline(Static):
    """One sentence, and one line of what is read second."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def say(self, sign: str, style: str, sentence: str, numbers: str = "") -> None:
        """Show another sentence.

        Args:
            sign: what stands before it.
            style: how that looks.
            sentence: what is the matter.
            numbers: what is read second.
        """
        rest = ("\n  ", (numbers, QUIET)) if numbers else ()
        self.update(Content.assemble((f"{sign} ", style), (sentence, "bold"), *rest))
