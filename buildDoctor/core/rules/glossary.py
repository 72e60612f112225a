"""The names that a rule uses: its loops, and the fields of the evidence that its condition and texts read."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import Expression, ListOf, Node, Record, Root, Template, children, text_of
from buildDoctor.core.language.tree import Field
from buildDoctor.core.rules.rule import FixTemplate, Loop, Rule


class FieldUse(Struct, frozen=True):
    """A field of the evidence that a rule reads."""

    text: str
    """As the rule writes it, such as `feature.wants`."""
    record: str
    """The class that it is a field of, such as `Feature`."""
    field: str
    """Its name there."""
    kind: str
    """What it holds, in words."""


def loops_of(rule: Rule) -> tuple[Loop, ...]:
    """The loops of a rule and of its fixes."""
    return (*rule.loops, *(loop for fix in rule.fixes for loop in fix.loops))


def loop_words(loop: Loop) -> tuple[str, str]:
    """A word and what a loop runs over; rules write `[[…]]` to give a whole list a name."""
    text = " ".join(loop.over.text.split())
    if loop.is_value:
        return "is", text[1:-1].strip()
    return "in", text


def fields_read(rule: Rule) -> tuple[FieldUse, ...]:
    """Every field that a rule reads, each once, in the order of its title, condition, explanation and fixes."""
    found: dict[str, FieldUse] = {}
    for expression in _expressions(rule):
        for use in _uses(expression.node):
            found.setdefault(use.text, use)
    return tuple(found.values())


def _expressions(rule: Rule) -> Iterator[Expression]:
    yield from _inside(rule.title)
    yield from (loop.over for loop in rule.loops)
    yield rule.when
    yield from _inside(rule.why)
    for fix in rule.fixes:
        yield from _of_fix(fix)


def _of_fix(fix: FixTemplate) -> Iterator[Expression]:
    yield from (loop.over for loop in fix.loops)
    for template in (fix.title, fix.set_request, fix.set_toolkit, fix.command, fix.text, fix.verify):
        if template is not None:
            yield from _inside(template)


def _inside(template: Template) -> Iterator[Expression]:
    return (part for part in template.parts if isinstance(part, Expression))


def _uses(node: Node) -> Iterator[FieldUse]:
    if isinstance(node, Field) and isinstance(node.of.type, Record):
        if not _has_fields(node):
            yield FieldUse(text_of(node), node.of.type.of.__name__, node.name, node.type.words)
    elif isinstance(node, Root) and not _has_fields(node):
        yield FieldUse(node.name, Evidence.__name__, node.name, node.type.words)
    for part in children(node):
        yield from _uses(part)


def _has_fields(node: Node) -> bool:
    """Whether a node is only a step on the way to what is read."""
    kind = node.type.element if isinstance(node.type, ListOf) else node.type
    return isinstance(kind, Record)
