"""Compiler commands of a build folder: words, architectures, macros and the target that they compile for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.core.device.architectures import parse
from buildDoctor.core.evidence import CompiledSource
from buildDoctor.core.plan.nvcc_flags import default_architectures, defined_macros, named_architectures

_WORD = re.compile(r"""(?:[^\s"'\\]+|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)
_QUOTED = re.compile(r"""\\(?P<plain>.)|"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'""", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\\"$`])")
_TARGET_FOLDER = re.compile(r"(?:^|/)CMakeFiles/([^/]+)\.dir/")
_NAME_OF_TORCH = "TORCH_EXTENSION_NAME="
_OPTIONS_FILE = re.compile(r"(?:--options-file|-optf)(?:=(?P<file>.+))?")
_INCLUDES_ONLY = re.compile(r"(?:^|/)includes_\w+\.rsp$")
_CUDA_LANGUAGE = re.compile(r"-x[ =]cu\b")
_COMPILER = "nvcc"
_LONGEST_COMMAND = 200_000


class Command(Struct, frozen=True, kw_only=True):
    """One command that compiles one file."""

    source: str
    """The file, as the build folder names it."""
    text: str
    """The command line, as a shell would read it."""
    output: str = ""
    """The object file."""


def words_of(text: str) -> Iterator[str]:
    """The words of a command line, without their quotes."""
    for found in _WORD.finditer(text[:_LONGEST_COMMAND]):
        word = found[0]
        yield _QUOTED.sub(_unquoted, word) if "\\" in word or '"' in word or "'" in word else word


def _unquoted(found: re.Match[str]) -> str:
    if found["plain"] is not None:
        return found["plain"]
    return found["single"] if found["double"] is None else _ESCAPED.sub(r"\1", found["double"])


def compiles_cuda(command: Command) -> bool:
    """Whether a command compiles device code for NVIDIA GPUs."""
    return command.source.endswith(".cu") or bool(_CUDA_LANGUAGE.search(command.text[:_LONGEST_COMMAND]))


def compiler_of(commands: Iterable[Command]) -> str:
    """The nvcc that commands call; empty when they call none or more than one."""
    called = {word for command in commands for word in _first_words(command) if word.endswith(_COMPILER)}
    return called.pop() if len(called) == 1 else ""


def _first_words(command: Command) -> list[str]:
    """The words before the first option: a launcher such as ccache may stand before the compiler."""
    first = []
    for word in words_of(command.text):
        if word.startswith("-"):
            break
        first.append(word)
    return first


def compiled_source(command: Command, path: str, cuda: str | None) -> CompiledSource:
    """What a command compiles.

    Args:
        command: one that compiles device code.
        path: how the report names its file.
        cuda: the version of the compiler, for what it takes by default.
    """
    words = list(words_of(command.text))
    return CompiledSource(
        path=path,
        extension=_extension(command, words),
        architectures=_architectures(words, cuda),
        definitions=defined_macros(words),
    )


def _architectures(words: list[str], cuda: str | None) -> tuple[str, ...] | None:
    """What the words name, else the compiler's default; nothing where they leave it open."""
    if any(_holds_options(word, following) for word, following in zip(words, [*words[1:], ""], strict=False)):
        return None
    named = named_architectures(words)
    if named == ():
        return default_architectures(cuda) if cuda else None
    return _joined(named) if named is not None else None


def _joined(architectures: tuple[str, ...]) -> tuple[str, ...]:
    """The architectures with the PTX of one joined to its cubin, in whatever order the flags name them."""
    alone = {parse(text).base + parse(text).suffix: text for text in architectures if text.startswith("compute_")}
    both = {virtual for number, virtual in alone.items() if number in architectures}
    return tuple(f"{text}+PTX" if alone.get(text) in both else text for text in architectures if text not in both)


def _holds_options(word: str, following: str) -> bool:
    """Whether further options stand in a file; CMake writes nothing but include folders there."""
    found = _OPTIONS_FILE.fullmatch(word)
    return found is not None and not _INCLUDES_ONLY.search(found["file"] or following)


def _extension(command: Command, words: list[str]) -> str:
    """The target: the folder of CMake's objects, else the name that torch's helper hands over."""
    if found := _TARGET_FOLDER.search(command.output):
        return found[1]
    names = [word.partition(_NAME_OF_TORCH)[2] for word in words if word.startswith(f"-D{_NAME_OF_TORCH}")]
    return names[-1] if names else ""
