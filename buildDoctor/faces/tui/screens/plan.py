"""The plan: what the build scripts decide, and what they would decide if a list or the request were another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.plan_changes import Changes, WhatIf
from buildDoctor.core.report import Report
from buildDoctor.faces.tui import trying
from buildDoctor.faces.tui.draft import Draft, History, as_patch, changes_of, draft_of, is_empty
from buildDoctor.faces.tui.messages import CopyWanted, SaveWanted
from buildDoctor.faces.tui.screens.plain import PlainScreen
from buildDoctor.faces.tui.screens.tab_screen import COPY, TabScreen
from buildDoctor.faces.tui.sheet import QUIET
from buildDoctor.faces.tui.tables.plan_rows import PlanRows, columns
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.page import Page, nothing
from buildDoctor.faces.tui.widgets.plan_fields import FIELDS, PlanFields
from buildDoctor.faces.tui.widgets.plan_page import built_page, plan_page
from buildDoctor.faces.wording import built_words, plan_words
from buildDoctor.faces.wording.export import Table
from buildDoctor.faces.wording.places import Place

_PAUSE = 0.12
"""Seconds without a key after which the plan is replayed."""
_UNDO = Binding.Group("undo", compact=True)


class BuiltScreen(PlainScreen):
    """Shows what build folders and binaries have beside the plan."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "dismiss", "back", show=False)]


class PlanScreen(TabScreen):
    """Shows the features of the plan, and replays it with what is typed."""

    TITLE = "Plan"
    NOUN = "feature"
    FILLS_EARLY = True
    CSS_PATH = "plan.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "edit('cuda')", "edit", tooltip="Type over the toolkit, the request or a list", id="edit"),
        Binding("z", "undo", "undo", group=_UNDO, tooltip="Take the last change back", id="undo"),
        Binding("Z", "redo", "redo", group=_UNDO, tooltip="Make it again", id="redo"),
        Binding("ctrl+z", "undo", "undo", show=False, priority=True),
        Binding("ctrl+y", "redo", "redo", show=False, priority=True),
        Binding("p", "copy_patch", "patch", group=COPY, tooltip="Copy the change as a patch", id="patch"),
        Binding("b", "built", "built", tooltip="See what build folders and binaries have beside the plan", id="built"),
        Binding("w", "save_patch", "save patch", tooltip="Write the change to a file as a patch", id="save"),
    ]
    _plan: Plan | None = None
    _history: History | None = None
    _edited: str = ""
    _result: WhatIf | None = None
    _timer: Timer | None = None
    _listed: tuple[tuple[int, Feature], ...] = ()

    def compose_head(self) -> Iterable[Widget]:
        """What is decided."""
        yield Headline()

    def compose_panes(self) -> Iterable[Widget]:
        """The fields, the features, and what a change does."""
        yield PlanFields()
        with Container(id="below"):
            yield LineTable(id="list")
            yield Page(partial(nothing, ""), id="detail")

    def missing(self, report: Report) -> str | None:
        """Why there is no plan."""
        return plan_words.why_no_plan(report.evidence)

    def display_state(self) -> None:
        """Begin with the plan as it is."""
        self._plan = self.report.evidence.plan if self.report else None
        self._history = History(draft_of(self._plan)) if self._plan else None
        self._result = None
        super().display_state()

    def fill(self, report: Report | None) -> None:
        """List the features that the filter matches."""
        features = (self._plan.features if report and self._plan else None) or ()
        words = self.wanted.casefold().split()
        self._listed = tuple(
            (number, feature)
            for number, feature in enumerate(features)
            if all(word in plan_words.feature_line(feature).casefold() for word in words)
        )
        self.query_one(FilterLine).found = len(self._listed)
        self._show()

    def _show(self) -> None:
        """Show the fields, the features and the sentence on top."""
        table = self.query_one(LineTable)
        features = tuple(feature for _number, feature in self._listed)
        fitting = columns(table.scrollable_content_region.width, features)
        changed = self._result.plan if self._result else None
        table.show(fitting, PlanRows(features, changed, len(fitting) > 3), row=table.row)
        self._show_fields()
        self.say_first()
        self.refresh_bindings()

    def say_first(self) -> None:
        """Say what is decided, or what a change does."""
        headline, result = self.query_one(Headline), self._result
        if self._plan is None:
            return
        sentence = self.so_far(plan_words.plan_sentence(self._plan))
        if result is None:
            sign = ("!", "bold $text-warning") if built_words.differs(self._plan) else ("·", QUIET)
            beside = built_words.built_summary(self._plan)
            headline.say(
                *sign, f"{sentence}.", f"{beside[:1].upper()}{beside[1:]}. Press b to see it." if beside else ""
            )
        else:
            worse = result.plan is None or bool(result.compared and result.compared.lost)
            sign = ("✗", "bold $text-error") if worse else ("✓" if result.gained else "·", "bold $text-success")
            headline.say(*sign, f"{plan_words.what_if_sentence(result)}.", f"Without it: {sentence}.")

    def _show_fields(self) -> None:
        plan, draft = self._plan, self._draft
        if plan is None or draft is None:
            return
        original, chosen = draft_of(plan), self._chosen
        own = draft.list_of(chosen[0], plan) if chosen else ""
        texts = {
            "cuda": ("CUDA toolkit", draft.cuda, original.cuda),
            "request": ("asked for", draft.request, original.request),
            "supported": ("supported list", draft.supported, original.supported),
            "wants": (
                plan_words.own_list_label(chosen[1] if chosen else None),
                own,
                original.list_of(chosen[0], plan) if chosen else "",
            ),
        }
        cannot = {"supported": plan.supported is None, "wants": chosen is None}
        for name in FIELDS:
            label, text, before = texts[name]
            disabled = self.services.what_if is None or cannot.get(name, False)
            self.query_one(PlanFields).show(name, label, text, changed=text != before, disabled=disabled)

    @property
    def _draft(self) -> Draft | None:
        return self._history.present if self._history else None

    @property
    def _chosen(self) -> tuple[int, Feature] | None:
        number = self.query_one(LineTable).row
        return self._listed[number] if number < len(self._listed) else None

    def on_resize(self) -> None:
        """Show as many columns as fit."""
        if self.is_mounted:
            self.call_after_refresh(self._show)

    def show_detail(self) -> None:
        """Show the chosen feature, and its list among the fields."""
        self._show_fields()
        feature = self._chosen[1] if self._chosen else None
        can_try = self.services.what_if is not None
        page = self.query_one("#detail", Page)
        plan, result = self._plan, self._result
        page.show(lambda width: plan_page(plan, feature, result, can_try=can_try, width=width))

    def on_line_table_opened(self) -> None:
        """Type over the own list of the feature."""
        if self.services.what_if:
            self.action_edit("wants")
        else:
            self.read(reading=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what has an effect now."""
        typing = isinstance(self.focused, Input)
        if action == "edit":
            return self.is_shown and self.services.what_if is not None and not typing
        if action in {"copy_patch", "save_patch"}:
            return self.is_shown and self._result is not None and self._result.plan is not None
        if action == "built":
            return self.is_shown and self._plan is not None and bool(built_words.built_summary(self._plan))
        if action in {"undo", "redo"}:
            return self.is_shown and self._history is not None
        return super().check_action(action, parameters)

    def action_edit(self, name: str) -> None:
        """Type into the fields."""
        self.remove_class("-reading")
        self.query_one(PlanFields).edit(name)

    def on_plan_fields_left(self) -> None:
        """Go back to the features."""
        self.query_one(LineTable).focus()

    def on_plan_fields_edited(self, message: PlanFields.Edited) -> None:
        """Take what was typed, and replay when the typing pauses."""
        draft = self._draft
        if draft is None or self._history is None:
            return
        goes_on = self._timer is not None and self._edited == message.name
        if message.name == "wants":
            new = draft.with_list(self._chosen[0], message.text) if self._chosen else draft
        else:
            new = draft.with_text(message.name, message.text)
        self._history.become(new, goes_on=goes_on)
        self._edited = message.name
        self._replay_soon()

    def _replay_soon(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self._replay)

    def _changes(self) -> Changes:
        return changes_of(self._plan, self._draft) if self._plan and self._draft else Changes()

    def _replay(self) -> None:
        self._timer = None
        changes = self._changes()
        if is_empty(changes):
            self.workers.cancel_group(self, "what-if")
            self._result = None
            self._show()
        elif self.report:
            self.query_one(Headline).say("…", "bold", "Replaying the build scripts with the change.")
            trying.replay(self, self.services, self.report, changes)

    def on_replayed(self, message: trying.Replayed) -> None:
        """Show what the change does, unless something else was typed since."""
        if message.changes == self._changes():
            self._result = message.result
            self._show()

    def action_built(self) -> None:
        """Show what build folders and binaries have."""
        if self._plan:
            self.app.push_screen(BuiltScreen(partial(built_page, self._plan)))

    def action_undo(self) -> None:
        """Take the last change back."""
        if self._history and self._history.undo():
            self._show_fields()
            self._replay_soon()

    def action_redo(self) -> None:
        """Make again what was taken back."""
        if self._history and self._history.redo():
            self._show_fields()
            self._replay_soon()

    def _patch(self) -> str:
        return as_patch(self._changes(), self._result.patch if self._result else "")

    def action_copy_patch(self) -> None:
        """Copy the change."""
        self.post_message(CopyWanted(self._patch(), "the change as a patch"))

    def action_save_patch(self) -> None:
        """Write the change to a file."""
        self.post_message(SaveWanted(self._patch(), "the change as a patch", "build-doctor.patch"))

    def choose_next(self, step: int) -> str:
        """Choose the next feature that is not built."""
        table = self.query_one(LineTable)
        for distance in range(1, len(self._listed) + 1):
            number = (table.row + step * distance) % len(self._listed)
            if self._listed[number][1].built is False:
                table.row = number
                return ""
        return "Every listed feature is built."

    def line_to_copy(self) -> str | None:
        """The feature in one line."""
        return plan_words.feature_line(self._chosen[1]) if self._chosen else None

    def place_to_open(self) -> Place | None:
        """Where the feature's list stands."""
        feature = self._chosen[1] if self._chosen else None
        return Place(feature.file, feature.line) if feature and feature.file and feature.line else None

    def table_to_export(self) -> Table | None:
        """Every listed feature with its lists."""
        rows = tuple(
            (
                f.name or "",
                plan_words.BUILT[f.built][2:],
                " ".join(f.wants or ()),
                " ".join(f.gets or ()),
                f"{f.file}:{f.line}",
            )
            for _number, f in self._listed
        )
        return Table(name="features", columns=("feature", "state", "wants", "gets", "where"), rows=rows)
