"""What one run along a script gives, as plain data."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.extensions import EXTENSIONS, changes_flags, own_build
from buildDoctor.adapters.setup_script.values import (
    HOLE,
    ExtensionValue,
    Items,
    Table,
    Unknown,
    Value,
)
from buildDoctor.core.plan.nvcc_flags import defined_macros
from buildDoctor.core.plan.setup_ways import AskedExtension, Way

_TAKES_A_VALUE = frozenset(
    {"--threads", "-t", "-Xcompiler", "-ccbin", "-I", "-isystem", "-L", "-Xptxas", "-maxrregcount"}
)
_HARMLESS = re.compile(r"-[DIULlWO]|--threads|-maxrregcount|-std=|-ccbin|-Xcompiler|-Xptxas|--ptxas-options")
_LIST = "TORCH_CUDA_ARCH_LIST"


def way_of(run: Interpreter, stop: str) -> Way:
    """All that a run found.

    Args:
        run: the run, at its end.
        stop: why the script ended early, if it did.
    """
    doubts: list[str] = []
    extensions: list[AskedExtension] = []
    for call in run.calls:
        values, rest = _listed(call.extensions)
        doubts += [rest.reason] if rest is not None else []
        for value in values:
            if isinstance(value, ExtensionValue):
                extensions.append(_asked(run, value, call.build_class, certain=True))
            else:
                doubts.append(
                    value.reason if isinstance(value, Unknown) else "one of them is no extension that is known"
                )
    extensions += [_asked(run, value, None, certain=False) for value in run.made]
    if not run.calls and not stop:
        doubts.append("the script calls setup() nowhere that it can be followed")
    arch_list = run.environment.get(_LIST, run.environment.rest)
    return Way(
        answers=tuple((taken.condition, taken.answer) for taken in run.decisions.taken),
        extensions=tuple(extensions),
        doubts=tuple(dict.fromkeys(doubts)),
        arch_list=arch_list if isinstance(arch_list, str) else None,
        arch_list_doubt=arch_list.reason if isinstance(arch_list, Unknown) else "",
        stop=stop,
        steps=tuple(run.steps),
        variables=tuple(run.environment.asked),
        notes=tuple(run.notes),
    )


def _listed(value: Value) -> tuple[list[Value], Unknown | None]:
    if value is None:
        return [], None
    if isinstance(value, Items | tuple):
        return list(value), getattr(value, "rest", None)
    return [], value if isinstance(value, Unknown) else Unknown("what is given as ext_modules is no list")


def _asked(run: Interpreter, value: ExtensionValue, build: Value, *, certain: bool) -> AskedExtension:
    """An extension as plain data."""
    attributes = value.attributes
    sources, sources_doubt = _sources(run, attributes.get("sources"))
    flags, flags_doubt = _flags(attributes.get("extra_compile_args"))
    flags_doubt = flags_doubt or run.patched or _doubt_of_surroundings(run, build)
    file, _, line = value.place.rpartition(":")
    return AskedExtension(
        name=_name(attributes.get("name")),
        kind=value.kind,
        file=file,
        line=int(line),
        sources=tuple(dict.fromkeys(sources)),
        sources_doubt=sources_doubt,
        flags=flags,
        flags_doubt=flags_doubt,
        definitions=_definitions(attributes.get("define_macros"), flags),
        certain=certain,
        built_by=f"class {value.kind} ({value.place})" if value.kind not in EXTENSIONS else own_build(build) or "",
    )


def _doubt_of_surroundings(run: Interpreter, build: Value) -> str:
    """Why something beside the extension may add flags to it."""
    changed = changes_flags(build)
    if changed is not None:
        return f"the script's own build command may change them: {changed}"
    for name in ("NVCC_APPEND_FLAGS", "NVCC_PREPEND_FLAGS"):
        value = run.environment.get(name, "")
        if not isinstance(value, str) or "arch" in value:
            return f"the variable {name} holds some as well"
    return ""


def _name(value: Value) -> str:
    if isinstance(value, str):
        return value
    shape = getattr(value, "shape", None)
    return shape.replace(HOLE, "…") if isinstance(shape, str) and shape != HOLE else "(its name is not known)"


def _sources(run: Interpreter, value: Value) -> tuple[list[str], str]:
    """The sources relative to the tree, and why there may be more."""
    if not isinstance(value, Items | tuple):
        return [], value.reason if isinstance(value, Unknown) else "they are no list"
    found, doubt = [], value.rest.reason if isinstance(value, Items) and value.rest else ""
    for source in value:
        if not isinstance(source, str | PurePosixPath):
            doubt = doubt or (source.reason if isinstance(source, Unknown) else "one of them is no path")
            continue
        found.append(run.files.inside(str(source)) or str(source))
    return found, doubt


def _flags(value: Value) -> tuple[tuple[str, ...], str]:
    """The flags that nvcc gets, and why it may get more."""
    if isinstance(value, Table):
        if "nvcc" not in value:
            return (), value.rest.reason if value.rest is not None else ""
        value = value["nvcc"]
    if value is None:
        return (), ""
    if isinstance(value, Unknown):
        return (), value.reason
    if not isinstance(value, Items | tuple):
        return (), "they are no list"
    doubt = value.rest.reason if isinstance(value, Items) and value.rest is not None else ""
    known: list[str] = []
    before = ""
    for flag in value:
        if isinstance(flag, str):
            known.append(flag)
        elif isinstance(flag, Unknown) and not _is_harmless(flag, before):
            doubt = doubt or flag.reason
        before = flag if isinstance(flag, str) else ""
    return tuple(known), doubt


def _is_harmless(flag: Unknown, before: str) -> bool:
    """Whether an unknown flag is one that names no architecture: a macro, a path, a number of threads."""
    return before in _TAKES_A_VALUE or (flag.shape is not None and _HARMLESS.match(flag.shape) is not None)


def _definitions(value: Value, flags: tuple[str, ...]) -> tuple[str, ...] | None:
    """The macros of an extension; nothing when they are not all known."""
    if not isinstance(value, Items | tuple) or getattr(value, "rest", None) is not None:
        return None
    found = []
    for pair in value:
        if (
            not isinstance(pair, tuple)
            or len(pair) != 2
            or not isinstance(pair[0], str)
            or isinstance(pair[1], Unknown)
        ):
            return None
        found.append(pair[0] if pair[1] is None else f"{pair[0]}={pair[1]}")
    return tuple(dict.fromkeys((*found, *defined_macros(flags))))
