"""What was asked about a plan beside the plan itself, and the answer."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.comparing.revised import Revisions
from buildDoctor.core.fixes.covering import Cover
from buildDoctor.core.fixes.searching import Found
from buildDoctor.core.traces import Trace


class PlanAnswer(Struct, frozen=True, kw_only=True):
    """The answer to one question; what was not asked is absent."""

    trace: Trace | None = None
    """How some lists are made, and how far they let a kernel come."""
    search: tuple[Found, ...] | None = None
    """The changes that bring back what the build scripts lose."""
    cover: Cover | None = None
    """The smallest request for some GPUs."""
    revisions: Revisions | None = None
    """The commits where the result of a feature changed."""
