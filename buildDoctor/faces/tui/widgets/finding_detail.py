"""The chosen finding, in full."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.page import Page


def _nothing(_width: int) -> Content:
    return Content("No finding is listed.")


def _page(entry: wording.Entry, width: int) -> Content:
    from buildDoctor.faces.tui.widgets.finding_page import finding_page  # noqa: PLC0415 - the first frame does without

    return finding_page(entry, width)


class FindingDetail(Page):
    """Shows one finding; leaves by a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "leave", "Back to the list", show=False),
    ]

    entry: reactive[wording.Entry | None] = reactive(None)
    """The finding that is shown."""

    class Left(Message):
        """The reader wants to go back."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(_nothing, id=id)
        self.border_title = "The chosen finding"

    def watch_entry(self, entry: wording.Entry | None) -> None:
        """Show the finding from its beginning."""
        self.show(partial(_page, entry) if entry else _nothing)

    def action_leave(self) -> None:
        """Ask to go back."""
        self.post_message(self.Left())
