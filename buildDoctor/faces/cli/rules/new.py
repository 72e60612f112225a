"""`build-doctor rules new`: begins a rule, and writes it only where the user says."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path

from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Confidence, Severity
from buildDoctor.core.language import LanguageError, compile_expression, nearest
from buildDoctor.core.language.schema import Type
from buildDoctor.core.rules.format import KEBAB_CASE
from buildDoctor.core.rules.new_rule import STARTS, Draft, Start
from buildDoctor.examine.new_rule import Made, make_rule
from buildDoctor.examine.rule_checking import check_paths
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.output import put, tell
from buildDoctor.faces.cli.rules.asking import ask, can_ask
from buildDoctor.faces.cli.rules.problems import problem_texts

_WHY = "Say how the fault comes about."
_LIMITS = "Say when this alarm may be false."
_USUAL_FOLDER = ".build-doctor/rules"


def run(arguments: argparse.Namespace) -> int:
    """Write a rule, or print it.

    Raises:
        RequestError: an answer is wrong, or the file is there already or cannot be written.
    """
    asks = can_ask() and not (arguments.id and (arguments.when or arguments.about))
    draft = _draft(arguments, asks=asks)
    where = arguments.output or (
        ask("Where to write it: a folder or file, - to print it", _USUAL_FOLDER) if asks else "-"
    )
    file = None if where == "-" else _file(where, draft.id)
    made = make_rule(draft, file.parent if file else None)
    if file is None:
        put(made.text)
    else:
        _write(file, made, force=arguments.force)
    return _checked(file, made)


def _draft(arguments: argparse.Namespace, *, asks: bool) -> Draft:
    """What the options say, and for the rest what is answered or usual."""
    name = arguments.id or (
        ask("The rule's id, which says the fault, such as stub-only-kernel", "", _no_id) if asks else ""
    )
    wrong = _no_id(name)
    if wrong:
        raise RequestError(
            f"{wrong}\nwrite for example: build-doctor rules new old-torch --about torch --output {_USUAL_FOLDER}"
        )
    start = _start(arguments, asks=asks)
    loops = _loops(arguments.for_each) or (() if arguments.when else start.loops)
    when = arguments.when or start.when
    title = arguments.title or (start.title if not arguments.when else name.replace("-", " ").capitalize())
    severity = arguments.severity or "warning"
    if asks:
        types = _types(loops)
        for loop, over in loops:
            tell(f"For each {loop} in {over}:")
        when = arguments.when or ask("The condition", when, lambda text: _no_condition(text, types))
        title = arguments.title or ask("What is wrong, in one line; {…} is filled in", title)
        severity = arguments.severity or ask("error, warning or note", severity, _no_severity)
    return Draft(
        id=name,
        title=title,
        when=when,
        loops=loops,
        family=arguments.family or start.family,
        severity=Severity(severity),
        confidence=Confidence(arguments.confidence or "likely"),
        why=arguments.why or _WHY,
        limits=arguments.limits or _LIMITS,
    )


def _start(arguments: argparse.Namespace, *, asks: bool) -> Start:
    about = arguments.about
    if about is None and asks and not arguments.when:
        about = ask(f"What it looks at: {', '.join(STARTS)}", "torch", _no_start)
    wrong = _no_start(about) if about is not None else None
    if wrong:
        raise RequestError(f"--about {about}: {wrong}")
    return STARTS[about or "torch"]


def _no_id(text: str) -> str | None:
    if not text:
        return "a rule needs an id"
    return (
        None
        if KEBAB_CASE.fullmatch(text)
        else f"{text!r} is not in kebab-case: small letters and digits, joined by '-'"
    )


def _no_start(text: str) -> str | None:
    if text in STARTS:
        return None
    return f"there is no beginning for {text!r}{nearest(text, STARTS)}; there are {', '.join(STARTS)}"


def _no_severity(text: str) -> str | None:
    known = [str(one) for one in Severity]
    return None if text in known else f"{text!r} is not one of {', '.join(known)}"


def _no_condition(text: str, types: Mapping[str, Type]) -> str | None:
    try:
        kind = compile_expression(text, types).type
    except LanguageError as error:
        return f"column {error.column}: {error.message}"
    return None if kind.words == "true or false" else f"a condition is true or false; this is {kind.words}"


def _loops(given: list[str]) -> tuple[tuple[str, str], ...]:
    """The names of `--for-each`.

    Raises:
        RequestError: one is not written as NAME=LIST.
    """
    for one in given:
        name, sign, over = one.partition("=")
        if not sign or not name.strip().isidentifier() or not over.strip():
            raise RequestError(f"--for-each {one}: write a name, = and a list, such as f=plan.features")
    return tuple((one.partition("=")[0].strip(), one.partition("=")[2].strip()) for one in given)


def _types(loops: tuple[tuple[str, str], ...]) -> dict[str, Type]:
    """The types of the loops' names, as far as the loops are right; what is wrong with them is said later."""
    types: dict[str, Type] = {}
    for name, over in loops:
        try:
            kind = compile_expression(over, types).element_type
        except LanguageError:
            break
        if kind is None:
            break
        types[name] = kind
    return types


def _file(where: str, name: str) -> Path:
    """The file to write.

    Raises:
        RequestError: a file has another name than the rule.
    """
    path = Path(where)
    if path.suffix != ".toml" or path.is_dir():
        return path / f"{name}.toml"
    if path.stem != name:
        raise RequestError(f"--output {where}: the file of a rule has the rule's name: {name}.toml")
    return path


def _write(file: Path, made: Made, *, force: bool) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w" if force else "x", encoding="utf-8") as stream:
            stream.write(made.text)
    except FileExistsError:
        raise RequestError(f"{file} is there already; --force writes over it") from None
    except OSError as error:
        raise RequestError(f"{file} cannot be written: {error.strerror}") from error


def _checked(file: Path | None, made: Made) -> int:
    """Say what was written, and whether it is right."""
    for expect in made.absent:
        tell(f"no small change of a healthy machine makes it answer {expect}: write that example yourself")
    if file is None:
        return ExitCode.OK
    problems = check_paths([file]).problems
    if problems:
        tell(problem_texts(problems))
    tell(
        f"{file} is written{'' if problems else ' and has no mistakes'}; next: build-doctor rules test {shlex.quote(str(file))}"
    )
    return ExitCode.OK
