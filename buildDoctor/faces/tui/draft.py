"""What the user has typed into the fields of the plan, and the way back."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.plan_changes import Changes, ListChange


class Draft(Struct, frozen=True, kw_only=True):
    """The texts of the fields."""

    cuda: str
    request: str
    supported: str
    wants: tuple[tuple[int, str], ...] = ()
    """The own lists of features that were typed, by the number of the feature."""

    def with_text(self, name: str, text: str) -> Draft:
        """The same with another text in one of the other fields."""
        match name:
            case "cuda":
                return replace(self, cuda=text)
            case "request":
                return replace(self, request=text)
            case _:
                return replace(self, supported=text)

    def list_of(self, number: int, plan: Plan) -> str:
        """The own list of a feature."""
        return dict(self.wants).get(number) or joined((plan.features or ())[number].wants)

    def with_list(self, number: int, text: str) -> Draft:
        """The same with another own list of a feature."""
        return replace(self, wants=tuple(sorted({**dict(self.wants), number: text}.items())))


def draft_of(plan: Plan) -> Draft:
    """The fields as the plan has them."""
    supported = joined(plan.supported.architectures) if plan.supported else ""
    return Draft(cuda=plan.cuda_version or "", request=joined(plan.request), supported=supported)


def joined(architectures: tuple[str, ...] | None) -> str:
    """A list as it is typed."""
    return " ".join(architectures or ())


def changes_of(plan: Plan, draft: Draft) -> Changes:
    """What of a draft differs from the plan."""
    lists = [_supported(plan, draft.supported), *(_own((plan.features or ())[at], text) for at, text in draft.wants)]
    return Changes(
        cuda=draft.cuda if draft.cuda != plan.cuda_version else "",
        request=draft.request if _items(draft.request) != (plan.request or ()) else "",
        lists=tuple(change for change in lists if change and set(change.after) != set(change.before)),
    )


def is_empty(changes: Changes) -> bool:
    """Whether nothing differs."""
    return changes == Changes()


def _supported(plan: Plan, text: str) -> ListChange | None:
    listed = plan.supported
    if listed is None or listed.file is None or listed.line is None:
        return None
    return ListChange(file=listed.file, line=listed.line, before=listed.architectures or (), after=_items(text))


def _own(feature: Feature, text: str) -> ListChange | None:
    if feature.file is None or feature.line is None:
        return None
    return ListChange(file=feature.file, line=feature.line, before=feature.wants or (), after=_items(text))


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").replace(",", " ").split())


def as_patch(changes: Changes, patch: str) -> str:
    """The changes as a file for `patch -p1` or `git apply`; what is no edit of a script stands in words above it."""
    words = []
    if changes.cuda:
        words.append(f"Build with CUDA {changes.cuda}.\n")
    if changes.request:
        words.append(f'Build with TORCH_CUDA_ARCH_LIST="{";".join(_items(changes.request))}".\n')
    return "".join([*words, *(["\n"] if words and patch else []), patch])


class History(Struct):
    """The drafts so far, and those that were taken back."""

    present: Draft
    _past: list[Draft] = field(default_factory=list)
    _future: list[Draft] = field(default_factory=list)

    def become(self, draft: Draft, *, goes_on: bool) -> None:
        """Take another draft.

        Args:
            draft: the new one.
            goes_on: whether it goes on where the present one is typed: then both are taken back together.
        """
        if not goes_on or not self._past:
            self._past.append(self.present)
        self.present = draft
        self._future.clear()

    def undo(self) -> bool:
        """Go back one draft; whether there was one."""
        return self._go(self._past, self._future)

    def redo(self) -> bool:
        """Take again what was taken back; whether there was something."""
        return self._go(self._future, self._past)

    def _go(self, source: list[Draft], target: list[Draft]) -> bool:
        if not source:
            return False
        target.append(self.present)
        self.present = source.pop()
        return True
