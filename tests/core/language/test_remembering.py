"""Loops over plain lists inside of loops keep their answers, and answer as if they did not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildDoctor.core.evidence import Binary, Evidence, Kernel
from buildDoctor.core.language import BudgetError, compile_expression

LISTS = st.one_of(st.none(), st.lists(st.sampled_from(["9.0", "12.0", "12.0a", "x"]), max_size=3).map(tuple))
KERNELS = st.lists(st.builds(Kernel, name=st.sampled_from(["a", "b"]), cubins=LISTS, ptx=LISTS), max_size=6).map(tuple)
CONDITIONS = (
    "any(runs_on(a, c) for a in k.cubins)",
    "all(a != c for a in k.cubins if a != k.name)",
    "len([a for a in k.cubins if a in k.ptx]) > 0",
    "any(a == p for a in k.cubins for p in k.ptx)",
    "[a for a in k.cubins] == k.ptx",
)


@pytest.mark.parametrize("condition", CONDITIONS)
@given(kernels=KERNELS)
@settings(max_examples=100, deadline=None)
def test_a_loop_answers_alike_whether_others_were_asked_before(condition: str, kernels: tuple[Kernel, ...]) -> None:
    """Kleene's any over all kernels and capabilities is that of the answers for each pair, in evaluations of their own."""

    def value(of: tuple[Kernel, ...], capabilities: list[str]) -> object:
        text = f"any({condition} for b in binaries for k in b.kernels for c in {capabilities})"
        return compile_expression(text).evaluate(Evidence(binaries=(Binary(kernels=of),))).value

    alone = [value((kernel,), [capability]) for kernel in kernels for capability in ("12.0", "9.0")]
    expected = True if True in alone else None if None in alone else False
    assert value(kernels, ["12.0", "9.0"]) is expected


def test_kept_answers_do_not_hide_how_much_is_looked_at() -> None:
    """Each turn of the outer loop still counts."""
    kernels = tuple(Kernel(name=str(number), cubins=("9.0",)) for number in range(2_000))
    expression = compile_expression("any(any(a == '' for a in k.cubins) for b in binaries for k in b.kernels)")

    with pytest.raises(BudgetError):
        expression.evaluate(Evidence(binaries=(Binary(kernels=kernels),)), budget=1_000)
