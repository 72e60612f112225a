"""What the app asks of the outside, as functions that it is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from buildDoctor.core.findings import Severity
from buildDoctor.core.report import Report

if TYPE_CHECKING:
    from buildDoctor.core.evidence import Binary, Package, Plan
    from buildDoctor.core.fixes.patches import Applied
    from buildDoctor.core.fixes.plan_changes import Changes, WhatIf

Examine = Callable[[Callable[[str], None]], Report]
"""Takes a function that is told each step, and returns the report."""


class PackageFiles(Protocol):
    """Reads the files of a package."""

    def __call__(
        self, package: Package, packages: tuple[Package, ...], tell: Callable[[str, int, int, int], None], /
    ) -> tuple[Binary, ...]:
        """Its shared objects with device code; `tell` gets the path and size of each, its number and how many there are."""


class RuleEntry(Struct, frozen=True, kw_only=True):
    """A rule, as far as a list of rules needs it."""

    id: str
    severity: Severity
    family: str
    runs: str
    """`on`, or what keeps it from running."""
    file: str
    """Where it is written; empty for one that is not a file."""
    page: Callable[[int], str]
    """Its page as text, for a width; headings stand between the codes of a terminal for bold."""


class Services(Struct, frozen=True, kw_only=True):
    """What can be asked. Where a function is missing, the screens say that it is not to be had here."""

    what_if: Callable[[Report, Changes], WhatIf] | None = None
    """What the build would decide after a change of its inputs. Changes nothing."""
    excerpt: Callable[[Plan, str, int], tuple[tuple[int, str], ...]] | None = None
    """The lines of a script around one of them, each with its number."""
    kernels: Callable[[str, str | None], Binary] | None = None
    """A file by its name in the evidence and its package, with all its kernels."""
    package_files: PackageFiles | None = None
    """The files of a package, of which only the headers were looked at before."""
    rules: Callable[[], tuple[RuleEntry, ...]] | None = None
    """All rules that there are."""
    edit: Callable[[list[str], Path, int], str] | None = None
    """Run the user's editor on a line of a file until it ends; why it did not start, or nothing."""
    refusal: Callable[[Path, str], str] | None = None
    """Why a patch cannot be put into a source tree; empty when it can."""
    apply: Callable[[Path, str], Applied] | None = None
    """Put a patch into a source tree, keeping what was there beside it."""
