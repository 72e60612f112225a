"""Over many small scripts: where the reader claims an architecture, Python itself agrees, whatever the machine is like."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from buildDoctor.adapters.setup_script import reader
from buildDoctor.adapters.setup_script.limits import MOST_FORKS
from buildDoctor.core.plan.nvcc_flags import named_architectures

Call = Callable[..., Any]
NAMES = ("flags", "other", "third")
MACHINES = (1, 3, 5, 7, 9)
"""Numbers of processors: what the scripts ask for and nobody states."""


def flag(number: int) -> str:
    return f"['-gencode=arch=compute_{number}0,code=sm_{number}0']"


names = st.sampled_from(NAMES)
values = st.one_of(
    st.integers(5, 9).map(flag),
    names,
    st.builds(lambda a, b: f"({a} + {b})", names, st.integers(5, 9).map(flag)),
    st.builds(lambda a: f"list({a})", names),
    st.builds(lambda a, n: f"[x for x in {a} if '{n}0' not in x]", names, st.integers(5, 9)),
    st.builds(lambda a, b, n: f"({a} if os.cpu_count() > {n} else {b})", names, names, st.sampled_from([2, 4, 6])),
    st.builds(lambda a: f"sorted(set({a}))", names),
    st.builds(lambda k: f"table[{k!r}]", st.sampled_from("ab")),
    st.builds(lambda k, a: f"table.get({k!r}, {a})", st.sampled_from("abc"), names),
    st.builds(lambda k, a: f"table.setdefault({k!r}, {a})", st.sampled_from("abc"), names),
    st.builds(lambda a, b: f"({a} and {b} or [])", names, names),
    st.builds(lambda n: f"many[os.cpu_count() > {n}]", st.sampled_from([2, 4])),
)
conditions = st.one_of(
    st.sampled_from(["os.cpu_count() > 2", "os.cpu_count() > 4", "not os.cpu_count() > 6", "True", "False"]),
    st.builds(lambda a, n: f"len({a}) > {n}", names, st.integers(0, 2)),
    st.builds(lambda a, n: f"any('{n}0' in x for x in {a})", names, st.integers(5, 9)),
    st.builds(lambda a, n: f"os.cpu_count() > {n} and {a}", names, st.sampled_from([2, 4])),
    st.builds(lambda a, n: f"{a} or os.cpu_count() > {n}", names, st.sampled_from([2, 4])),
)
simple = st.one_of(
    st.builds(lambda a, v: [f"{a} = {v}"], names, values),
    st.builds(lambda a, v: [f"{a} += {v}"], names, values),
    st.builds(lambda a, v: [f"{a}.extend({v})"], names, values),
    st.builds(lambda a: [f"{a}.clear()"], names),
    st.builds(lambda a, b: [f"{a}, {b} = {b}, {a}"], names, names),
    st.builds(lambda a, v: [f"{a} = helper({v})"], names, values),
    st.builds(lambda k, v: [f"table[{k!r}] = {v}"], st.sampled_from("abc"), values),
    st.builds(lambda k, v: [f"table[{k!r}] += {v}"], st.sampled_from("ab"), values),
    st.builds(lambda a, v: [f"many = [{a}, {v}]"], names, values),
    st.builds(lambda v: [f"for one in many: one += {v}"], st.integers(5, 9).map(flag)),
    st.builds(lambda k, a: [f"{a} = table.pop({k!r}, {a})"], st.sampled_from("abc"), names),
    st.builds(lambda k: [f"del table[{k!r}]"], st.sampled_from("ab")),
    st.builds(lambda a: [f"{a} = {a}[:1]"], names),
    st.builds(lambda a: [f"{a} = [{a}[-1]] if {a} else {a}"], names),
    st.builds(lambda a: [f"{a} = [m for m in many if os.cpu_count() > 2 or m][0]"], names),
    st.just(["raise KeyError"]),
)


SMALL = "assert len(flags) + len(other) + len(third) < 200"
"""At the head of each loop, for lists that double would fill the memory of the Python that checks."""


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines] or ["    pass"]


def blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    body = st.lists(inner, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part])
    return st.one_of(
        st.builds(lambda c, a, b: [f"if {c}:", *indented(a), "else:", *indented(b)], conditions, body, body),
        st.builds(lambda a, b: ["try:", *indented(a), "except KeyError:", *indented(b)], body, body),
        st.builds(lambda n, a: [f"for step in list({n})[:3]:", *indented([SMALL, *a])], names, body),
        st.builds(
            lambda n, c, a, w, b: [f"for step in list({n})[:3]:", f"    {SMALL}", f"    if {c}:", *indented([*indented(a), f"    {w}"]), *indented(b)],
            names, conditions, body, st.sampled_from(["break", "continue"]), body,
        ),
        st.builds(lambda n, a: [f"for step in range(os.cpu_count() - {n}):", *indented([SMALL, *a])], st.sampled_from([1, 4]), body),
    )  # fmt: skip


statements = st.recursive(simple, blocks, max_leaves=6)
scripts = st.lists(statements, min_size=2, max_size=6).map(lambda parts: [line for part in parts for line in part])
helpers = st.builds(
    lambda c, v, w: ["def helper(given):", f"    if {c}:", f"        return {v}", f"    third = {w}", "    return given + third"],
    conditions, values, values,
)  # fmt: skip


def ran(text: str, processors: int) -> list[str] | None:
    """What Python makes of the script on a machine; nothing where it stops or does not come to an end."""
    scope: dict[str, Any] = {"os": os}
    with mock.patch("os.cpu_count", return_value=processors):
        try:
            exec(text, scope)  # noqa: S102  the strategies above made it
        except Exception:  # noqa: BLE001  whatever ends it
            return None
    flags: list[str] = scope["flags"]
    return flags


@pytest.mark.parametrize("forks", [0, 1, MOST_FORKS], ids=["both ways at once", "one fork", "all ways"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    helper=["def helper(given):", "    return given"],
    lines=[
        "third = flags if os.cpu_count() > 2 else other",
        "if os.cpu_count() > 4:",
        "    third = []",
        "else:",
        f"    third += {flag(5)}",
    ],
)
@example(
    helper=["def helper(given):", "    return given"],
    lines=["for step in range(os.cpu_count() - 1):", f"    table['c'] = {flag(5)}", f"    flags = {flag(5)}"],
)
@example(
    helper=["def helper(given):", "    return given"],
    lines=["try:", "    del table['a']", "    del table['a']", "except KeyError:", f"    flags = {flag(5)}"],
)
@example(
    helper=["def helper(given):", "    return given"],
    lines=[
        "flags = other",
        "for step in range(os.cpu_count() - 1):",
        f"    third += {flag(5)}",
        "    other, third = third, other",
    ],
)
@given(helper=helpers, lines=scripts)
def test_a_claim_holds_on_every_machine(
    forks: int, helper: list[str], lines: list[str], make_tree: Call, read: Call
) -> None:
    body = (
        "\n".join(
            ["flags, other, third = [], [], []", "table, many = {'a': flags, 'b': []}, [flags, other]", *helper, *lines]
        )
        + "\n"
    )
    tree = make_tree(
        f"{body}ext_modules = [CUDAExtension('e', ['a.cu'], extra_compile_args={{'nvcc': ['-arch=sm_75'] + flags}})]"
    )

    with mock.patch.object(reader, "MOST_FORKS", forks):
        plan = read(tree).plan

    results = [flags for flags in (ran(body, processors) for processors in MACHINES) if flags is not None]
    claimed = plan.sources[0].architectures if plan is not None else None
    if claimed is None:
        return
    assert {named_architectures(["-arch=sm_75", *flags]) for flags in results} <= {claimed}, body
