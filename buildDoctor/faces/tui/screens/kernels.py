"""The kernels: what each package, file, unit and kernel is to each GPU. Enter goes deeper.

Where no shared object was named, the environment's packages are listed by what the headers of their device code say; the
files of a package are read when one goes into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from buildDoctor.core.evidence import Binary, Evidence, Package
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.composing import source_of
from buildDoctor.faces.tui import kernel_listing, package_listing
from buildDoctor.faces.tui.kernel_listing import Listed, Listing, ListingFailed, Reading, WasRead
from buildDoctor.faces.tui.package_listing import FilesRead
from buildDoctor.faces.tui.screens.tab_screen import TabScreen
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.state import State
from buildDoctor.faces.tui.tables import kernel_places, package_rows
from buildDoctor.faces.tui.tables.groups import (
    Group,
    Level,
    Place,
    capabilities_to_show,
    first_place,
    groups,
    level_of,
)
from buildDoctor.faces.tui.tables.kernel_index import KernelIndex
from buildDoctor.faces.tui.tables.kernel_rows import GroupRows, KernelRows, columns
from buildDoctor.faces.tui.tables.package_rows import PackageRow, PackageRows
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.kernel_page import group_page, kernel_page, package_page
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.page import Page, nothing
from buildDoctor.faces.wording import kernel_words
from buildDoctor.faces.wording.export import Table


class KernelsScreen(TabScreen):
    """Shows what is in the shared objects, from packages down to kernels."""

    TITLE = "Kernels"
    NOUN = "row"
    FILLS_EARLY = True
    CSS_PATH = "kernels.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort", "sort", tooltip="Sort by name, or by what runs worst on a GPU", id="sort"),
        Binding(
            "v", "all_kernels", "all kernels", tooltip="List every kernel of this place, or groups again", id="all"
        ),
    ]

    def __init__(self, state: State, services: Services) -> None:
        super().__init__(state, services)
        self._binaries: tuple[Binary, ...] = ()
        self._capabilities: tuple[str, ...] = ()
        self._place = Place()
        self._shows_kernels = False
        self._sort: str | None = None
        self._index: KernelIndex | None = None
        self._rows: kernel_places.Rows = GroupRows((), ())
        self._packages: tuple[PackageRow, ...] = ()
        self._seen: tuple[object, ...] = ()

    def compose_head(self) -> Iterable[Widget]:
        """Where one is."""
        yield Headline()

    def compose_panes(self) -> Iterable[Widget]:
        """The table, and the chosen row in full."""
        yield LineTable(id="list")
        yield Page(partial(nothing, ""), id="detail")

    def missing(self, report: Report) -> str | None:
        """Why there is no row."""
        return kernel_words.why_nothing(report.evidence)

    def display_state(self) -> None:
        """Begin where there is a choice; stay where one is while the same files are shown."""
        evidence = self.report.evidence if self.report else None
        binaries = (evidence.binaries if evidence else None) or ()
        asked, packages = (evidence.capabilities or (), evidence.packages or ()) if evidence else ((), ())
        self._capabilities = capabilities_to_show(asked, binaries, packages)
        self._packages = package_rows.package_rows(evidence, self._capabilities)
        seen = (*(binary.path for binary in binaries), *(row.package for row in self._packages))
        if self._seen != seen:
            self._seen, self._binaries = seen, binaries
            self._place, self._shows_kernels, self._index = first_place(binaries), False, None
        super().display_state()

    def fill(self, report: Report | None) -> None:
        """List what the filter matches."""
        if report:
            self._list()

    def _list(self, left: Place | None = None) -> None:
        """List what is in the place: groups at once, files and kernels when a thread has them.

        Args:
            left: the place that one comes up from, whose row is chosen.
        """
        if self._lists_kernels:
            listing = Listing(self._place, self._here(), self.wanted, self._sort, self._index)
            kernel_listing.start(self, listing, self.services.kernels)
        elif self._unread is not None and self.services.package_files is not None:
            self._say_reading(*kernel_places.looking_words(self._unread.name or ""))
            packages = (self.report.evidence.packages if self.report else None) or ()
            package_listing.start(self, self._unread, packages, self.services.package_files)
        elif self._lists_packages:
            at = self._capabilities.index(self._sort) if self._sort in self._capabilities else None
            kept = package_rows.sorted_by(package_rows.filtered(self._packages, self.wanted), at)
            rows: kernel_places.Rows = PackageRows(kept, self._capabilities)
            self._show(rows, kernel_places.row_of(rows, left))
        else:
            words = self.wanted.casefold().split()
            found = groups(self._binaries, self._place)
            matching = (group for group in found if all(word in group.title.casefold() for word in words))
            rows = GroupRows(self._sorted(tuple(matching)), self._capabilities)
            self._show(rows, kernel_places.row_of(rows, left))

    def _sorted(self, found: tuple[Group, ...]) -> tuple[Group, ...]:
        return found if self._sort is None else tuple(sorted(found, key=partial(kernel_places.badness, self._sort)))

    def _show(self, rows: kernel_places.Rows, row: int = 0) -> None:
        self.query_one(FilterLine).found = len(rows)
        table = self.query_one(LineTable)
        width = table.scrollable_content_region.width
        if isinstance(rows, PackageRows):
            fitting, rows = package_rows.fitted(rows.rows, self._capabilities, self._asked, self._sort, width)
        else:
            fitting = columns(self._level.value, self._capabilities, self._sort, width)
        self._rows = rows
        table.show(fitting, rows, row=row)
        self._say_place(rows)
        self.refresh_bindings()

    def _say_place(self, rows: kernel_places.Rows) -> None:
        """Say where one is, and how much of it does not run."""
        asked = self._capabilities[0] if self._capabilities else ""
        lost = kernel_places.lost_on(rows, asked)
        sign = ("✗", "bold $text-error") if lost else ("✓", "bold $text-success")
        if isinstance(rows, PackageRows):
            place, words = package_rows.PLACE, kernel_places.package_count_words(rows, lost, asked)
        else:
            place = kernel_places.place_words(self._place, self._binaries)
            words = kernel_places.count_words(rows, lost, self._level, asked)
        self.query_one(Headline).say(*sign, place, self.so_far(words))

    @property
    def _asked(self) -> int:
        """How many capabilities are diagnosed for; they come first."""
        return len((self.report.evidence.capabilities if self.report else None) or ())

    def on_resize(self) -> None:
        """Show as many GPUs as fit."""
        if self.is_mounted:
            self.call_after_refresh(self.say_first)

    def say_first(self) -> None:
        """Say where one is, and show the same rows."""
        self._show(self._rows, self.query_one(LineTable).row)

    @property
    def _lists_packages(self) -> bool:
        """Whether the rows are packages by their headers."""
        return bool(self._packages) and self._place == Place()

    @property
    def _unread(self) -> Package | None:
        """The package that one is in, while its files are not known."""
        if self._place.package is None or any(binary.package == self._place.package for binary in self._binaries):
            return None
        found = (row.package for row in self._packages)
        return next((package for package in found if package.name == self._place.package), None)

    @property
    def _lists_kernels(self) -> bool:
        return self._shows_kernels or self._place.unit is not None

    @property
    def _level(self) -> Level:
        return Level.KERNELS if self._lists_kernels else level_of(self._binaries, self._place)

    def _here(self) -> tuple[Binary, ...]:
        """The files of the place."""
        if self._place.file is not None:
            return (self._binaries[self._place.file],)
        named = self._place.package
        return tuple(binary for binary in self._binaries if named is None or (binary.package or "") == named)

    def on_reading(self, message: Reading) -> None:
        """Say what is being read, and how much it is."""
        self._say_reading(*kernel_words.reading_words(message.path, message.size_bytes, message.number, message.count))

    def _say_reading(self, what: str, how_to_stop: str) -> None:
        self._rows = GroupRows((), ())
        self.query_one(LineTable).show((), ())
        self.query_one(Headline).say("…", "bold", what, how_to_stop)
        self.refresh_bindings()

    def on_files_read(self, message: FilesRead) -> None:
        """Keep the files of the package, and show them when one is still there."""
        if all(binary.package != message.package.name for binary in self._binaries):
            self._binaries = (*self._binaries, *message.binaries)
        if self._place == Place(message.package.name):
            inside = groups(self._binaries, self._place)
            self._come_to(inside[0].place if len(inside) == 1 else self._place)

    def on_was_read(self, message: WasRead) -> None:
        """Keep the kernels of the file."""
        full = message.binary
        self._binaries = tuple(full if binary.path == full.path else binary for binary in self._binaries)

    def on_listed(self, message: Listed) -> None:
        """Show the kernels, unless another place is looked at by now."""
        if message.listing.place == self._place and self._lists_kernels:
            self._index = message.index
            verdicts = tuple(message.index.verdicts(capability) for capability in self._capabilities)
            self._show(KernelRows(message.index, message.order, verdicts))

    def on_listing_failed(self, message: ListingFailed) -> None:
        """Say why, and stay above."""
        self.say(message.reason)
        if self._up is not None:
            self._come_to(self._up, left=self._place)

    def show_detail(self) -> None:
        """Show the chosen row in full."""
        number, rows, report = self.query_one(LineTable).row, self._rows, self.report
        page = partial(nothing, "No row is listed.")
        if report and number < len(rows):
            if isinstance(rows, GroupRows):
                group = rows.groups[number]
                page = partial(group_page, group, self._capabilities, self._known(group.place, report.evidence))
            elif isinstance(rows, PackageRows):
                page = partial(package_page, rows.rows[number], self._capabilities, report.evidence)
            else:
                kernel = rows.order[number]
                unit = rows.index.signatures[rows.index.signature_of[kernel]][1]
                named = rows.index.kernels[kernel], unit, rows.index.files[kernel]
                page = partial(kernel_page, *named, self._capabilities)
        self.query_one("#detail", Page).show(page)

    def _known(self, place: Place, evidence: Evidence) -> tuple[str, str] | None:
        """The file of a place, and where what is known of it comes from."""
        if place.file is None:
            return None
        path = self._binaries[place.file].path or ""
        if self._packages:
            return path, "from the file itself, read now"
        return path, f"from {source_of(f'binaries[{place.file}].units', evidence.origins)}"

    def on_line_table_opened(self) -> None:
        """Go deeper; at a kernel, read what is said about it."""
        row = self.query_one(LineTable).row
        if isinstance(self._rows, GroupRows):
            self._go_into(self._rows.groups[row].place)
        elif isinstance(self._rows, PackageRows) and self.services.package_files is not None:
            self._go_into(Place(self._rows.rows[row].package.name))
        else:
            self.read(reading=True)

    def _go_into(self, place: Place) -> None:
        """Go deeper. The filter was about the names here, so it does not go along."""
        self.wanted = ""
        self.remove_class("-filtering")
        with self.prevent(Input.Changed):
            self.query_one(FilterLine).query_one(Input).value = ""
        self._go(place)

    def _go(self, place: Place, *, shows_kernels: bool = False, left: Place | None = None) -> None:
        """Go where the user wants; what is still being read for another place is stopped."""
        self.workers.cancel_group(self, "kernels")
        self._come_to(place, shows_kernels=shows_kernels, left=left)

    def _come_to(self, place: Place, *, shows_kernels: bool = False, left: Place | None = None) -> None:
        self._place, self._shows_kernels, self._index = place, shows_kernels, None
        self._list(left)

    def can_go_back(self) -> bool:
        """Also out of a place."""
        return super().can_go_back() or self._up is not None

    @property
    def _up(self) -> Place | None:
        """Where escape leads to: from all kernels of a place to its groups, else to the place above."""
        return self._place if self._shows_kernels and self._place.unit is None else self._above

    @property
    def _above(self) -> Place | None:
        """The place that this one is in, when that holds more than this one."""
        above = self._place.above
        while above is not None and above.file is None and len(groups(self._binaries, above)) < 2:
            if self._packages and above == Place():
                break
            above = above.above
        return above

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing here is about a line of a file; of packages no kernel is known."""
        if action == "all_kernels" and (self._lists_packages or self._unread is not None):
            return False
        return action != "open_place" and super().check_action(action, parameters)

    def action_back(self) -> None:
        """Leave the row, then the filter, then the place. Never quits."""
        if super().can_go_back():
            super().action_back()
        elif self._up is not None:
            self._go(self._up, left=self._place)

    def action_all_kernels(self) -> None:
        """List every kernel of the place, or its groups again."""
        if self._place.unit is None:
            self._go(self._place, shows_kernels=not self._shows_kernels)

    def action_sort(self) -> None:
        """Sort by the next column."""
        order = (None, *self._capabilities[: len(self.query_one(LineTable).widths()) - 1])
        self._sort_by(order[(order.index(self._sort) + 1) % len(order)] if self._sort in order else None)

    def _sort_by(self, sort: str | None) -> None:
        self._sort = sort
        self._list()

    def on_line_table_sorted(self, event: LineTable.Sorted) -> None:
        """Sort by the column whose title was clicked."""
        self._sort_by(self._capabilities[event.column - 1] if event.column else None)

    def choose_next(self, step: int) -> str:
        """Choose the next row that does not run on the first GPU."""
        table = self.query_one(LineTable)
        found = kernel_places.next_lost(self._rows, table.row, step)
        if found is None:
            return f"Everything listed runs on {self._capabilities[0]}." if self._capabilities else "No GPU is named."
        table.row = found
        return ""

    def line_to_copy(self) -> str | None:
        """The row's name and what it is to each GPU."""
        number = self.query_one(LineTable).row
        if number >= len(self._rows):
            return None
        name, *cells = self._rows[number]
        return f"{name.text}: " + ", ".join(
            f"{c} {cell.text}" for c, cell in zip(self._capabilities, cells, strict=False)
        )

    def table_to_export(self) -> Table | None:
        """Every listed row with what it is to each GPU."""
        rows = tuple(tuple(cell.text for cell in self._rows[number]) for number in range(len(self._rows)))
        level = Level.PACKAGES if isinstance(self._rows, PackageRows) else self._level
        return Table(name=f"{level.value}s", columns=(level.value, *self._capabilities), rows=rows)
