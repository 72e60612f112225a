"""What a rule is: a condition over the evidence, words, fixes, and examples that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from buildDoctor.core.evidence import Log
from buildDoctor.core.findings import Confidence, Safety, Severity
from buildDoctor.core.language import Expression, Listing, Template
from buildDoctor.core.rules.layers import Layer


class Expectation(StrEnum):
    """What a rule answers on one of its examples."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does-not-hold"
    CANNOT_TELL = "cannot-tell"


class Loop(Struct, frozen=True, kw_only=True):
    """One `name = "expression"` of a `for_each`: the name takes each element of the list in turn."""

    name: str
    over: Expression

    @property
    def is_value(self) -> bool:
        """Whether it gives a value a name in place of taking elements in turn: rules write `[x]` for that."""
        node = self.over.node
        return isinstance(node, Listing) and len(node.parts) == 1


class Gathering(Struct, frozen=True, kw_only=True):
    """One `name = "loop"` of `together`: findings that differ in that loop's name alone are one."""

    name: str
    """What the texts call the list of what the loop's name was in them."""
    of: str
    """The loop's name, which the texts have not."""


class ListEdit(Struct, frozen=True, kw_only=True):
    """Add elements to, or remove them from, a list that stands in a build script."""

    at: str
    """The evidence that has the list's file and line, such as `plan.supported`."""
    remove: tuple[Template, ...] = ()
    add: tuple[Template, ...] = ()


class FixTemplate(Struct, frozen=True, kw_only=True):
    """A fix before its names are filled in."""

    title: Template
    loops: tuple[Loop, ...] = ()
    """One fix for each combination; without loops there is one fix."""
    when: Expression | None = None
    """The fix is offered only when this holds."""
    edit: ListEdit | None = None
    set_request: Template | None = None
    """The architectures to ask the build for in place of today's, as TORCH_CUDA_ARCH_LIST takes them."""
    set_toolkit: Template | None = None
    """The CUDA version to build with in place of today's."""
    set_environment: tuple[tuple[str, Template], ...] = ()
    command: Template | None = None
    text: Template | None = None
    safety: Safety = Safety.DISPLAY
    verify: Template | None = None


class Example(Struct, frozen=True, kw_only=True):
    """Evidence on which the rule's answer is known."""

    name: str
    """The reason for the answer, in words."""
    expect: Expectation
    evidence_file: str | None = None
    """A recorded evidence file beside the rule."""
    evidence: dict[str, object] | None = None
    """Or what differs from a healthy machine; nothing differs when it has neither."""
    log: Log | None = None
    """What the rule's own symptoms find in the log that it gives."""
    says: str = ""
    """What a finding then says in its title, explanation or fixes."""


class Rule(Struct, frozen=True, kw_only=True):
    """A condition over the evidence, with its words, fixes and proofs."""

    id: str
    title: Template
    severity: Severity
    confidence: Confidence
    family: str
    when: Expression
    why: Template
    limits: str
    loops: tuple[Loop, ...] = ()
    """One finding for each combination; without loops there is one finding at most."""
    together: tuple[Gathering, ...] = ()
    """The loops over which one finding speaks for all, in the order in which they are put together."""
    explains: tuple[str, ...] = ()
    """Ids of rules whose findings are consequences of this one."""
    summary: str = ""
    """The title for those who read about the rule, where nothing is filled in; empty when the title serves as it is."""
    features: tuple[str, ...] = ()
    """The names of the features that its findings are about, with `*` for any text; a cause about another is none."""
    references: tuple[str, ...] = ()
    layer: Layer | None = None
    """Where it stands in the order of verdicts, when that is not its family."""
    symptoms: tuple[str, ...] = ()
    """The texts by which a log shows what it is about; a star is any text."""
    benign: bool = False
    """Whether its symptoms are harmless lines."""
    fixes: Sequence[FixTemplate] = ()
    examples: Sequence[Example] = ()
    replaces: bool = False
    """Whether it takes the place of a rule of the same id that comes from farther away."""
    origin: str = ""
    """The file that it was read from."""
