"""The text of a new rule file, with a comment on each key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from buildDoctor.core.findings import Confidence, Severity
from buildDoctor.core.rules.rule import Expectation
from buildDoctor.core.rules.toml_writing import toml_key, toml_tables, toml_text

_NAMES = {
    Expectation.HOLDS: "what is wrong",
    Expectation.DOES_NOT_HOLD: "all is well",
    Expectation.CANNOT_TELL: "the evidence was not seen",
}
_WAYS = {
    Expectation.HOLDS: "An example where the rule holds: what differs from a healthy machine.",
    Expectation.DOES_NOT_HOLD: "One where it does not hold. Add one for each case that only looks alike.",
    Expectation.CANNOT_TELL: 'One where it cannot tell: take away what it needs with the value "not seen".',
}


class Draft(Struct, frozen=True, kw_only=True):
    """What the author of a new rule has said."""

    id: str
    title: str
    when: str
    loops: tuple[tuple[str, str], ...] = ()
    """The names of `for_each`, with what they run over."""
    family: str
    severity: Severity = Severity.WARNING
    confidence: Confidence = Confidence.LIKELY
    why: str
    limits: str


class Start(Struct, frozen=True):
    """A condition to begin with, for one part of the evidence."""

    when: str
    title: str
    family: str
    loops: tuple[tuple[str, str], ...] = ()


STARTS: Mapping[str, Start] = {
    "torch": Start("version(torch.version) < version('2.7')", "torch {torch.version} is older than 2.7", "torch"),
    "driver": Start(
        "version(driver.cuda) < version('12.8')", "The driver supports CUDA {driver.cuda} at most", "driver"
    ),
    "toolkits": Start(
        "t.chosen and version(t.version) < version('12.8')",
        "The toolkit in {t.path} is {t.version}",
        "toolkit",
        (("t", "toolkits"),),
    ),
    "environment": Start(
        "environment.NVCC_APPEND_FLAGS != ''",
        "NVCC_APPEND_FLAGS adds {environment.NVCC_APPEND_FLAGS} to every command",
        "toolkit",
    ),
    "capabilities": Start("major(c) < 8", "{c} is older than Ampere", "hardware", (("c", "capabilities"),)),
    "plan": Start("plan.architectures == []", "Nothing of {plan.request} is left for the build", "plan"),
    "plan.features": Start(
        "feature.wants != [] and feature.gets == []",
        "{feature.name} gets none of {feature.wants}",
        "plan",
        (("feature", "plan.features"),),
    ),
    "plan.sources": Start(
        "source.architectures == []", "{source.path} is compiled for nothing", "plan", (("source", "plan.sources"),)
    ),
    "binaries": Start("b.images == []", "{short_path(b.path)} has no device code", "binary", (("b", "binaries"),)),
    "kernels": Start(
        "matches(k.name, '*fp4*') and not any(runs_on(a, c) for a in k.cubins)",
        "{k.name} does not run on {c}",
        "binary",
        (("c", "capabilities"), ("b", "binaries"), ("k", "b.kernels")),
    ),
}
"""What a rule may be about, with a condition that its author then changes."""


def rule_text(draft: Draft, examples: Mapping[Expectation, dict[str, Any]], schema: str) -> str:
    """A rule file.

    Args:
        draft: What its author has said.
        examples: For each answer, what differs from a healthy machine; one that is missing is left to the author.
        schema: Where the JSON Schema stands, seen from the file.
    """
    lines = [*_head(draft, schema), *_body(draft)]
    for expect in Expectation:
        lines += ["", f"# {_WAYS[expect]}", *_example(expect, examples.get(expect))]
    return "\n".join(lines) + "\n"


def _head(draft: Draft, schema: str) -> Iterator[str]:
    yield f"#:schema {schema}"
    yield "# A rule of build-doctor. The line above lets an editor complete and check it."
    yield f"#   build-doctor rules check {draft.id}.toml             every mistake, with its place"
    yield f"#   build-doctor rules test {draft.id}.toml              the examples, part by part where one fails"
    yield f"#   build-doctor rules try {draft.id}.toml report.json   what it says of a saved report, and why"


def _body(draft: Draft) -> Iterator[str]:
    yield from (
        "",
        "schema = 1",
        "# The fault, in kebab-case; the file has the same name.",
        f"id = {toml_text(draft.id)}",
    )
    yield "# One line. What stands in braces is an expression, and is filled in."
    yield f"title = {toml_text(draft.title)}"
    yield "# error: a kernel is missing or unusable. warning: slow, or works by luck. note: worth knowing."
    yield f"severity = {toml_text(str(draft.severity))}"
    yield "# certain, likely or possible: how sure the rule is, whatever the severity."
    yield f"confidence = {toml_text(str(draft.confidence))}"
    yield "# The layer of the fault: hardware, torch, driver, toolkit, loader, plan, binary, runtime."
    yield f"family = {toml_text(draft.family)}"
    yield "# Where to read more: owner/repo#number, or an https:// address."
    yield "references = []"
    yield from _condition(draft)
    yield "# How the fault comes about, for someone who wants to learn."
    yield f'why = """\n{_long(draft.why)}"""'
    yield "# When this alarm may be false."
    yield f'limits = """\n{_long(draft.limits)}"""'
    yield from _FIX


def _condition(draft: Draft) -> Iterator[str]:
    if draft.loops:
        yield "# One finding for each element."
        loops = ", ".join(f"{toml_key(name)} = {toml_text(over)}" for name, over in draft.loops)
        yield f"for_each = {{ {loops} }}"
    yield "# A condition over the evidence. What was not seen makes it unknown, and the rule then cannot tell."
    yield f'when = """\n{_long(draft.when)}"""'


def _long(text: str) -> str:
    """A text for three quotation marks, ending in a line end."""
    return text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + "\n"


_FIX = (
    "",
    "# What to do. Exactly one of edit, set_request, set_toolkit, set_environment, command and text;",
    "# the first three can be tried on a copy, and are offered with what the trial showed.",
    "# [[fix]]",
    '# title = "Drop {s} from {plan.supported.variable}"',
    '# for_each = { s = "[a for a in plan.supported.architectures if has_suffix(a)]" }',
    '# edit = { at = "plan.supported", remove = "{s}" }',
    '# safety = "safe"       # safe, unsafe or display',
)


def _example(expect: Expectation, evidence: dict[str, Any] | None) -> Iterator[str]:
    head = ("[[example]]", f"name = {toml_text(_NAMES[expect])}", f"expect = {toml_text(str(expect))}")
    if evidence is None:
        yield "# No small change of a healthy machine gives this answer: say yourself what was seen."
        yield from (f"# {line}" for line in (*head, "[example.evidence.plan]", "features = []"))
        return
    yield from head
    if evidence:
        yield from toml_tables(("example", "evidence"), evidence)
