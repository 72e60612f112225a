"""What the screens ask the app to do outside of the screen: copy, write, open, apply."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual.app import App, SuspendNotSupported

from buildDoctor.core.report import Report
from buildDoctor.faces.tui import copying
from buildDoctor.faces.tui.messages import ApplyWanted, CopyWanted, ExportWanted, OpenWanted, SaveWanted
from buildDoctor.faces.tui.services import Services

if TYPE_CHECKING:
    from buildDoctor.faces.wording.export import Table

_WIDTH = 100
Answer = TypeVar("Answer")


class Errands(App[Answer]):
    """An app that copies, writes, opens and applies; nothing of it without the user.

    Args:
        services: what can be asked of the outside.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @property
    def report(self) -> Report | None:
        """The report, when there is one."""
        return None

    def look_again(self, because: str = "") -> None:
        """Examine anew, and say what has changed since."""

    def on_copy_wanted(self, message: CopyWanted) -> None:
        """Copy the text to where this terminal can have it."""
        self.copy_to_clipboard(message.text)
        if copying.takes_clipboard(os.environ) or self.is_headless:
            self._say(f"Copied {message.what}.")
            return
        try:
            path = copying.write_copy(message.text)
        except OSError as error:
            self._say(f"Not copied: this terminal takes no clipboard, and {error.strerror}.", bad=True)
        else:
            self._say(f"This terminal takes no clipboard: {message.what} is in {copying.short(path)}.")

    def on_export_wanted(self, message: ExportWanted) -> None:
        """Ask for the file, and write it as its ending says."""
        table = message.table
        what = f"{len(table.rows)} {table.name}"

        def write(path: Path | None) -> None:
            if path:
                self._write(path, exported(table, json=path.suffix == ".json"), what)

        hint = "A name that ends in .json is written as JSON, any other as text."
        self._ask_for_file(what, f"build-doctor-{table.name}.txt", write, hint)

    def on_save_wanted(self, message: SaveWanted) -> None:
        """Ask for the file, and write it."""

        def write(path: Path | None) -> None:
            if path:
                self._write(path, message.text, message.what)

        self._ask_for_file(message.what, message.name, write)

    def _ask_for_file(self, what: str, proposed: str, write: Callable[[Path | None], None], hint: str = "") -> None:
        from buildDoctor.faces.tui.screens.ask import AskScreen  # noqa: PLC0415 - the first frame does without

        self.push_screen(AskScreen(f"Write {what} to which file?", proposed, hint), write)

    def _write(self, path: Path, content: str, what: str) -> None:
        try:
            path.write_text(content, encoding="utf-8", errors="replace")
        except OSError as error:
            self._say(f"{path} is not written: {error.strerror}.", bad=True)
        else:
            self._say(f"Wrote {what} to {copying.short(path.absolute())}.")

    def on_open_wanted(self, message: OpenWanted) -> None:
        """Hand the terminal to the user's editor until it ends."""
        report, place = self.report, message.place
        plan = report.evidence.plan if report else None
        path = Path(plan.source or "") / place.file if plan else Path(place.file)
        stated = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not path.is_file():
            self._say(f"{place} is not on this machine.")
        elif not stated:
            self._say(f"No editor is set: export EDITOR=… to open {place}.")
        else:
            self._edit(shlex.split(stated), path, place.line)

    def _edit(self, editor: list[str], path: Path, line: int) -> None:
        try:
            with self.suspend():
                failed = self.services.edit(editor, path, line) if self.services.edit else "there is none here"
        except SuspendNotSupported:
            failed = "this terminal cannot be handed over"
        if failed:
            self._say(f"The editor did not open: {failed}.", bad=True)
        else:
            self.refresh()

    def on_apply_wanted(self, message: ApplyWanted) -> None:
        """Show the change, and ask."""
        plan = self.report.evidence.plan if self.report else None
        patch, refusal = message.fix.patch, self.services.refusal
        if not plan or not plan.source or not patch or not refusal:
            return
        tree = Path(plan.source)
        if refused := refusal(tree, patch):
            self._say(f"It cannot be applied: {refused}.", bad=True)
            return

        def answer(agreed: bool | None) -> None:  # noqa: FBT001 - what the screen answers with
            if agreed:
                self._apply(tree, patch, message.finding.rule)
            else:
                self._say("Nothing was changed.")

        from buildDoctor.faces.tui.apply_page import apply_page  # noqa: PLC0415 - the first frame does without
        from buildDoctor.faces.tui.screens.confirm import ConfirmScreen  # noqa: PLC0415 - as above

        self.push_screen(ConfirmScreen(partial(apply_page, message.fix, tree), "write the change"), answer)

    def _apply(self, tree: Path, patch: str, rule: str) -> None:
        """Write the change, and look again."""
        if not self.services.apply:
            return
        applied = self.services.apply(tree, patch)
        if applied.why_not:
            self._say(f"Nothing was changed: {applied.why_not}.", bad=True)
        else:
            self._say(f"Changed {applied.file}; what it was is in {applied.backup}.")
            self.look_again(because=rule)

    def _say(self, said: str, *, bad: bool = False) -> None:
        self.notify(said, timeout=8 if bad else 5, severity="warning" if bad else "information", markup=False)


def exported(table: Table, *, json: bool) -> str:
    """What is listed, as JSON or as text; findings as the report that holds only these."""
    if table.report:
        from buildDoctor.faces.reports import json_v1, text  # noqa: PLC0415 - the first frame does without

        return (
            json_v1.render(table.report) if json else text.render(table.report, color=False, width=_WIDTH, verbose=True)
        )
    from buildDoctor.faces.wording.export import table_json, table_text  # noqa: PLC0415 - as above

    return table_json(table) if json else table_text(table)
