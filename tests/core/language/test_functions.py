"""Every function of the language gives what Python gives for the same values, read from evidence or written down."""

from __future__ import annotations

import fnmatch
import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from buildDoctor.core.device import architectures, drivers
from buildDoctor.core.device.architectures import ArchitectureError
from buildDoctor.core.evidence import Evidence, Feature, Plan, SupportedList, Torch
from buildDoctor.core.language import FUNCTIONS, NUMBER, TEXT, TRUTH, ListOf, Type, compile_expression

WORDS = st.sampled_from(
    [
        "",
        "9.0",
        "12.0",
        "12.0a",
        "12.1",
        "10.0f",
        "sm_120a",
        "compute_90",
        "8.8",
        "fp4",
        "NVFP4_SM100=1",
        "12.9.86",
        "580",
    ]
)
LISTS = st.lists(WORDS, max_size=4).map(tuple)
FEATURES = st.lists(st.builds(Feature, line=st.integers(0, 5), built=st.booleans()), max_size=4).map(tuple)
EVIDENCE = st.builds(
    Evidence,
    torch=st.builds(Torch, version=WORDS, cuda=WORDS, path=WORDS),
    plan=st.builds(
        Plan,
        request=LISTS,
        architectures=LISTS,
        features=FEATURES,
        supported=st.builds(SupportedList, line=st.integers(0, 3)),
    ),
)
PLACES: dict[Type, tuple[str, ...]] = {
    TEXT: ("torch.version", "torch.cuda", "torch.path"),
    NUMBER: ("plan.supported.line",),
    ListOf(TEXT): ("plan.request", "plan.architectures"),
    ListOf(NUMBER): ("[f.line for f in plan.features]",),
    ListOf(TRUTH): ("[f.built for f in plan.features]",),
}
LITERALS = {"like": [r"'fp[0-9]'", "'4'", "'^1.*0$'"], "satisfies": ["'>=9,<12.1'", "'!=12.9.*'"]}
"""For functions whose last argument has to stand in the text."""


def unknown_for(*errors: type[Exception]) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """A function that gives nothing where Python raises."""

    def wrap(function: Callable[..., object]) -> Callable[..., object]:
        def careful(*args: Any) -> object:
            try:
                return function(*args)
            except errors:
                return None

        return careful

    return wrap


architecture = unknown_for(ArchitectureError)
version = unknown_for(InvalidVersion)


def runs_on(one: str, capability: str) -> bool | None:
    verdict = architectures.cubin_verdict(one, capability).value
    return None if verdict == "not-promised" else verdict in {"native", "family"}


def verdict_of(kind: str, one: str, capability: str) -> str:
    functions = {"cubin": architectures.cubin_verdict, "ptx": architectures.ptx_verdict}
    return functions[kind](one, capability).value if kind in functions else "none"


def release(text: str, parts: int) -> str | None:
    numbers = Version(text).release
    return ".".join(map(str, numbers[:parts])) if 0 < parts <= len(numbers) else None


def listed(elements: tuple[str, ...], most: int) -> str:
    if len(elements) - most <= 1:
        return ", ".join(elements)
    return ", ".join(elements[:most]) + f" and {len(elements) - most} more"


def macro_family(text: str) -> str:
    found = re.search(r"_SM_?(\d+)(\d)[afAF]?(?![0-9A-Za-z])", text)
    return f"{found[1]}.{found[2]}" if found else ""


def each_once(elements: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(element for at, element in enumerate(elements) if element not in elements[:at])


ORACLES: dict[str, Callable[..., object]] = {
    "any": any,
    "all": all,
    "len": len,
    "min": unknown_for(ValueError)(min),
    "max": unknown_for(ValueError)(max),
    "sum": sum,
    "sorted": lambda elements: tuple(sorted(elements)),
    "unique": each_once,
    "without": lambda one, other: tuple(element for element in one if element not in other),
    "union": lambda one, other: each_once(one + other),
    "intersection": lambda one, other: tuple(element for element in one if element in other),
    "runs_on": architecture(runs_on),
    "jits_on": architecture(lambda one, capability: architectures.ptx_verdict(one, capability).value == "jit"),
    "verdict": architecture(verdict_of),
    "base": architecture(lambda one: architectures.parse(one).base),
    "suffix": architecture(lambda one: architectures.parse(one).suffix),
    "has_suffix": architecture(lambda one: architectures.parse(one).suffix != ""),
    "dotted": architecture(lambda one: architectures.parse(one).base + architectures.parse(one).suffix),
    "is_virtual": architecture(lambda one: architectures.parse(one) and one.startswith("compute_")),
    "major": architecture(lambda one: architectures.parse(one).major),
    "minor": architecture(lambda one: architectures.parse(one).minor),
    "oldest_toolkit": architecture(architectures.oldest_toolkit),
    "newest_toolkit": architecture(lambda one: architectures.newest_toolkit(one) or ""),
    "macro_family": macro_family,
    "ptx_cuda": drivers.cuda_of_ptx,
    "version": version(Version),
    "release": version(release),
    "satisfies": version(lambda text, specifier: Version(text) in SpecifierSet(specifier, prereleases=True)),
    "matches": fnmatch.fnmatchcase,
    "like": lambda text, regex: re.search(regex, text) is not None,
    "starts": str.startswith,
    "ends": str.endswith,
    "short_path": lambda path: path.split("/")[-1] if "!" not in path else path.split("!")[-1],
    "lower": str.lower,
    "join": lambda elements, separator: separator.join(elements),
    "listed": listed,
    "quoted": shlex.quote,
    "library_kind": lambda _name: "special",
    "split": unknown_for(ValueError)(lambda text, separator: tuple(text.split(separator))),
    "number": lambda text: int(text) if re.fullmatch(r"-?\d+", text) else None,
}


@pytest.mark.parametrize("text", ["a b", "it's", "wheel.whl!_C.so", "$(rm)", "", "`x`", "a\nb", '"', "plain/path-1.so"])
def test_a_quoted_text_is_one_word_to_a_shell(text: str) -> None:
    (word,) = compile_expression("[quoted(torch.path)]").evaluate(Evidence(torch=Torch(path=text))).value  # type: ignore[misc]  # a list of one

    assert shlex.split(word) == [text]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("libcuda.so.1", "driver"),
        ("libcudart.so.12", "common"),
        ("libtorch_cuda.so", "common"),
        ("libstdc++.so.6", "common"),
        ("libcutensor.so.2", "special"),
        ("libcudadebugger.so.1", "special"),
        ("xlibcuda.so.1", "special"),
    ],
)
def test_whose_library_it_is(name: str, kind: str) -> None:
    assert compile_expression("library_kind(torch.path)").evaluate(Evidence(torch=Torch(path=name))).value == kind


def test_every_function_has_an_oracle() -> None:
    assert set(ORACLES) == set(FUNCTIONS)


def calls_of(name: str) -> st.SearchStrategy[list[str]]:
    """Arguments for a call: places in the evidence, or text that stands there."""
    function = FUNCTIONS[name]
    arguments = []
    for at, (_, kind) in enumerate(function.takes):
        wanted = kind
        if wanted not in PLACES:
            wanted = ListOf(NUMBER) if NUMBER in function.of and TEXT not in function.of else ListOf(TEXT)
        places = list(PLACES[wanted]) + (["'12.0'", "'fp4'", "'cubin'", "'1*0'"] if wanted == TEXT else [])
        last = at == len(function.takes) - 1
        arguments.append(st.sampled_from(LITERALS[name] if last and name in LITERALS else places))
    return st.tuples(*arguments).map(list)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(data=st.data(), evidence=EVIDENCE)
@settings(max_examples=60, deadline=None)
def test_a_function_gives_what_python_gives(name: str, data: st.DataObject, evidence: Evidence) -> None:
    arguments = data.draw(calls_of(name))
    text = f"{name}({', '.join(arguments)})"
    values = [compile_expression(argument).evaluate(evidence).value for argument in arguments]

    assert compile_expression(text).evaluate(evidence).value == ORACLES[name](*values)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"any", "all"}))
def test_a_function_of_what_was_not_seen_is_unknown(name: str) -> None:
    arguments = [*([PLACES.get(kind, ("plan.request",))[0] for _, kind in FUNCTIONS[name].takes])]
    if name in LITERALS:
        arguments[-1] = LITERALS[name][0]
    if name in {"min", "max"}:
        arguments = ["[f.line for f in plan.features]"]
    evaluation = compile_expression(f"{name}({', '.join(arguments)})").evaluate(Evidence())

    assert evaluation.value is None
    assert evaluation.missing != ()
