"""The library targets of a build, and what each of their CUDA sources is compiled for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from buildDoctor.core.evidence import Extension, PlannedSource
from buildDoctor.core.plan.records import TraceRecord, flat, gencode_architectures

_LIBRARY_COMMANDS = frozenset(
    {"add_library", "python_add_library", "python3_add_library", "pybind11_add_module", "cuda_add_library"}
)
_LIBRARY_WORDS = frozenset(
    {"MODULE", "SHARED", "STATIC", "OBJECT", "WITH_SOABI", "USE_SABI", "EXCLUDE_FROM_ALL", "INTERFACE", "THIN_LTO"}
)
_GLOBS = frozenset({"GLOB", "GLOB_RECURSE"})


def extensions_of(records: Iterable[TraceRecord]) -> tuple[Extension, ...]:
    """The library targets with their sources, and the globs before each that found no file."""
    found: list[Extension] = []
    generated: list[str] = []
    globbed: dict[str, tuple[str, ...]] = {}
    for record in records:
        if record.command == "file" and record.arguments[:1] and record.arguments[0] in _GLOBS:
            globbed[record.arguments[1]] = record.arguments[2:]
        elif record.command == "set" and record.arguments[:1] and record.arguments[0] in globbed:
            patterns = globbed.pop(record.arguments[0])
            if record.arguments[1:] == ("", "PARENT_SCOPE"):
                generated.extend(
                    p for p in patterns if p not in {"CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "true", "false"}
                )
        elif record.command in _LIBRARY_COMMANDS and record.arguments:
            found.append(_extension(record, tuple(dict.fromkeys(generated))))
            generated.clear()
    return tuple(found)


def _extension(record: TraceRecord, generated: tuple[str, ...]) -> Extension:
    name, *rest = record.arguments
    sources = [item for item in flat(rest) if item not in _LIBRARY_WORDS and "." in item and not _is_number(item)]
    return Extension(name=name, sources=tuple(dict.fromkeys(sources)), generated=generated)


def _is_number(text: str) -> bool:
    return text.replace(".", "").isdigit()


def planned_sources(records: Iterable[TraceRecord], extensions: Iterable[Extension]) -> tuple[PlannedSource, ...]:
    """Every CUDA source of every extension, with the architectures and macros that it is compiled with.

    A source without architectures is compiled for whatever the compiler takes by default.
    """
    options, of_source, of_target = _collect(records)
    return tuple(
        PlannedSource(
            path=source,
            extension=extension.name,
            architectures=_merged(gencode_architectures(" ".join(options[source]))),
            definitions=tuple(dict.fromkeys((*of_target[extension.name or ""], *of_source[source]))),
        )
        for extension in extensions
        for source in extension.sources or ()
        if source.endswith(".cu")
    )


def _merged(architectures: tuple[str, ...]) -> tuple[str, ...]:
    """Each architecture once: `9.0` and `9.0+PTX` are one request."""
    kept = dict.fromkeys(architectures)
    return tuple(a for a in kept if f"{a}+PTX" not in kept)


def _collect(
    records: Iterable[TraceRecord],
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
    """Compile options by source, macros by source, macros by target."""
    options: dict[str, list[str]] = defaultdict(list)
    of_source: dict[str, list[str]] = defaultdict(list)
    of_target: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if record.command == "set_property" and record.arguments[:1] == ("SOURCE",):
            _collect_property(record, options, of_source)
        elif record.command in {"target_compile_options", "target_compile_definitions"} and record.arguments:
            of_target[record.arguments[0]].extend(_macros(record))
    return options, of_source, of_target


def _collect_property(record: TraceRecord, options: dict[str, list[str]], definitions: dict[str, list[str]]) -> None:
    if "PROPERTY" not in record.arguments:
        return
    at = record.arguments.index("PROPERTY")
    sources = [item for item in flat(record.arguments[1:at]) if item != "APPEND"]
    name, *values = record.arguments[at + 1 :] or ("",)
    for source in sources:
        if name == "COMPILE_OPTIONS":
            options[source].extend(values)
        elif name == "COMPILE_DEFINITIONS":
            definitions[source].extend(item.removeprefix("-D") for item in flat(values))


def _macros(record: TraceRecord) -> Iterable[str]:
    """The macros that a target command defines, out of a generator expression for CUDA or for all languages."""
    for item in flat(record.arguments[1:]):
        inner = item.removeprefix("$<$<COMPILE_LANGUAGE:CUDA>:").removesuffix(">")
        if inner.startswith("-D"):
            yield inner[2:]
        elif record.command == "target_compile_definitions" and item not in {"PRIVATE", "PUBLIC", "INTERFACE"}:
            yield inner
