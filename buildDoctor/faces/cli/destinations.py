"""Where a report goes and in which form: standard output and files, in the order of the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.forms import FOR_PEOPLE, FOR_PROGRAMS

Said = tuple[tuple[str, str], ...]
"""What was said about form and place, in order: `json`, `format` or `output`, and its value."""
STANDARD_OUTPUT = "-"
_ENDINGS = {
    ".sarif.json": ("sarif",),
    ".json": ("json", "sarif"),
    ".sarif": ("sarif",),
    ".xml": ("junit",),
    ".md": ("markdown",),
    ".markdown": ("markdown",),
    ".txt": ("text",),
}
"""The forms that an ending stands for; the first is meant where nothing else is said."""


class Destination(Struct, frozen=True):
    """One place that the report is written to."""

    form: str
    file: str | None = None
    """None is standard output."""


def destinations(said: Said) -> tuple[Destination, ...]:
    """Every place, files in their order: a form is that of the file behind it, else the file's ending says it.

    Raises:
        RequestError: two forms for one place, a form for none, or a file whose form cannot be told.
    """
    files, left = _paired(said)
    if not files:
        return (Destination(left or "text"),)
    if left and len(files) > 1:
        raise RequestError(
            f"--format {left} stands behind every --output: put it before its file, or before --output - for standard output"
        )
    files = [(_one_of(form, left), file) for form, file in files] if left else files
    return tuple(_destination(form, file, alone=len(files) == 1) for form, file in files)


def _paired(said: Said) -> tuple[list[tuple[str, str]], str]:
    """Each file with the form before it, empty without one; and the form that no file follows."""
    files: list[tuple[str, str]] = []
    form = ""
    for option, value in said:
        if option == "output":
            files.append((form, value))
            form = ""
        else:
            form = _one_of(form, "json" if option == "json" else value)
    return files, form


def _one_of(first: str, second: str) -> str:
    """The form of one place that may be said twice.

    Raises:
        RequestError: the two are not the same.
    """
    if first and first != second:
        options = [
            "--json" if form == "json" else f"--format {form}" for form in sorted((first, second), key="json".__ne__)
        ]
        raise RequestError(f"{' and '.join(options)} contradict each other: give one of them, or an --output for each")
    return second


def _destination(form: str, file: str, *, alone: bool) -> Destination:
    """A place with its form.

    Raises:
        RequestError: its ending says no form, and it does not stand alone; or says another one.
    """
    if file == STANDARD_OUTPUT:
        return Destination(form or "text")
    fitting = forms_of(file)
    if not form and not fitting and not alone:
        raise RequestError(
            f"--output {file}: its ending says no form; write --format FORM before it, or end it with {_known()}"
        )
    # A text file may hold any text; a program that reads the others wants its own form.
    if form and form not in fitting and fitting[:1] not in {(), ("text",), ("markdown",)}:
        raise RequestError(
            f"--output {file}: its ending says {fitting[0]}, and --format {form} stands before it; "
            f"for {form} on standard output write --format {form} --output -"
        )
    return Destination(form or next(iter(fitting), "text"), file)


def forms_of(file: str) -> tuple[str, ...]:
    """The forms that a file may hold by its ending, the usual one first; empty where the ending says none."""
    return next((forms for ending, forms in _ENDINGS.items() if file.lower().endswith(ending)), ())


def _known() -> str:
    *others, last = (ending for ending in _ENDINGS if ending.count(".") == 1)
    return f"{', '.join(others)} or {last}"


def typed(words: Sequence[str]) -> tuple[Destination, ...]:
    """The places that a form for programs was typed for, as far as words tell that cannot be parsed or were refused.

    A file that is named in another place too, as something to read, is none of them.
    """
    options = words[: words.index("--")] if "--" in words else words
    said, others = _said(options)
    if words[:1] == ["rules"]:
        # There --output names a rule.
        said = [one for one in said if one[0] == "json"]
    try:
        found = destinations(tuple(said))
    except RequestError:
        found = _as_far_as_told(said)
    read = {identity(word) for word in (*others, *words[len(options) :])}
    return tuple(
        one for one in found if one.form in FOR_PROGRAMS and (one.file is None or identity(one.file) not in read)
    )


def _said(options: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """What is said about form and place, and every other word."""
    said: list[tuple[str, str]] = []
    others: list[str] = []
    words = iter(options)
    for word in words:
        name, equals, value = word.partition("=")
        if name == "--json":
            said.append(("json", ""))
        elif name in {"--format", "--output"}:
            value = value if equals else next(words, "")
            if value in (*FOR_PEOPLE, *FOR_PROGRAMS) or (value and name == "--output"):
                said.append((name[2:], value))
        else:
            others.append(value if equals and word.startswith("--") else word)
    return said, others


def _as_far_as_told(said: Sequence[tuple[str, str]]) -> tuple[Destination, ...]:
    """Places where they contradict each other: every file whose ending says its form, else the first form there is."""
    forms = ["json" if option == "json" else value for option, value in said if option != "output"]
    files = [value for option, value in said if option == "output" and value != STANDARD_OUTPUT]
    if not files:
        return tuple(Destination(form) for form in forms[:1])
    return tuple(Destination(fitting[0], file) for file in files if (fitting := forms_of(file)))


def identity(file: str) -> tuple[int, int] | str:
    """What two names of one file have in common."""
    with suppress(OSError, ValueError):
        about = Path(file).stat()
        return about.st_dev, about.st_ino
    with suppress(OSError, ValueError):
        return os.path.realpath(file)
    return file
