"""Finds rule files and reads them. Every problem says which file, line and column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from buildDoctor.core.language import nearest
from buildDoctor.core.rule_format import RuleFormatError, read_rule
from buildDoctor.core.rule_table import Mistake
from buildDoctor.core.rules import Rule

MAX_BYTES = 1_000_000
_SUFFIX = ".toml"
_PACKAGED = Path(__file__).parent.parent / "rules"
_CHECKOUT = Path(__file__).parent.parent.parent / "rules"


@dataclass(frozen=True, slots=True, order=True)
class RuleProblem:
    """One thing that is wrong with a rule file."""

    file: str
    """The file, or a folder that was given."""
    line: int
    """From 1."""
    column: int
    """In characters, from 1."""
    message: str
    """What is wrong and what was expected."""

    def __str__(self) -> str:
        """The problem on one line."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """What the rule files say."""

    rules: tuple[Rule, ...]
    """The rules without problems, the built-in ones first, otherwise by path."""
    problems: tuple[RuleProblem, ...]
    """Everything that is wrong with the others."""


class _BadFileError(Exception):
    """A file that cannot be read as a rule."""

    def __init__(self, *problems: RuleProblem) -> None:
        super().__init__(*problems)
        self.problems = problems


def builtin_folder() -> Path:
    """The folder of the rules that come with build-doctor."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def load_rules(paths: Sequence[Path] = (), *, builtin: bool = True) -> LoadedRules:
    """The rules of files and folders, and everything that is wrong with them.

    Args:
        paths: Rule files, and folders that are searched for them.
        builtin: Whether the rules that come with build-doctor are loaded too.
    """
    rules: dict[str, Rule] = {}
    problems: list[RuleProblem] = []
    files = list(_files([builtin_folder(), *paths] if builtin else paths, problems))
    for file in files:
        try:
            rule = _read(file, rules)
            rules[rule.id] = rule
        except _BadFileError as bad:
            problems += bad.problems
    if builtin:
        problems += _unknown_consequences(rules.values(), {file.stem for file in files})
    return LoadedRules(tuple(rules.values()), tuple(problems))


def _files(paths: Iterable[Path], problems: list[RuleProblem]) -> Iterator[Path]:
    """Every rule file, each once."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            problems.append(RuleProblem(str(path), 1, 1, "there is no such rule file or folder"))
            continue
        found = sorted(path.rglob(f"*{_SUFFIX}")) if path.is_dir() else [path]
        for file in found:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _read(file: Path, others: Mapping[str, Rule]) -> Rule:
    """A file's rule, when no other has its id."""
    text = _text(file)
    data = _parse(file, text)
    try:
        rule = read_rule(data, stem=file.stem, origin=str(file))
    except RuleFormatError as error:
        raise _BadFileError(*_placed(file, text, error.mistakes)) from None
    wrong = [
        Mistake(("example", at, "evidence"), f"there is no file {example.evidence_file} beside the rule")
        for at, example in enumerate(rule.examples)
        if example.evidence_file is not None and not (file.parent / example.evidence_file).is_file()
    ]
    if rule.id in others:
        wrong.append(Mistake(("id",), f"the id {rule.id!r} is already taken by {others[rule.id].origin}"))
    if wrong:
        raise _BadFileError(*_placed(file, text, wrong))
    return rule


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _BadFileError(RuleProblem(str(file), 1, 1, f"it cannot be read: {error.strerror}")) from None
    if len(content) > MAX_BYTES:
        raise _BadFileError(
            RuleProblem(str(file), 1, 1, f"it has more than {MAX_BYTES:,} bytes; a rule needs far fewer")
        )
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        byte = f"byte 0x{content[error.start]:02x}"
        raise _BadFileError(
            RuleProblem(str(file), line, column, f"it is not UTF-8: {byte} has no place here")
        ) from None


def _parse(file: Path, text: str) -> dict[str, object]:
    import tomli  # noqa: PLC0415 - costs 7 ms, and --version reads no rule

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        problem = RuleProblem(str(file), error.lineno, error.colno, f"it is not TOML: {error.msg}")
        raise _BadFileError(problem) from None
    except RecursionError:
        raise _BadFileError(RuleProblem(str(file), 1, 1, "it is not TOML: it is nested too deeply")) from None


def _placed(file: Path, text: str, mistakes: Iterable[Mistake]) -> list[RuleProblem]:
    """Mistakes with their places in the file, from top to bottom."""
    from buildDoctor.adapters.toml_positions import Positions  # noqa: PLC0415 - only a mistake needs it

    positions = Positions(text)
    return sorted(
        RuleProblem(str(file), *positions.find(mistake.path, mistake.line, mistake.column), mistake.message)
        for mistake in mistakes
    )


def _unknown_consequences(rules: Iterable[Rule], known: Collection[str]) -> Iterator[RuleProblem]:
    """A problem for each rule that is said to be explained and does not exist."""
    for rule in rules:
        unknown = [(at, name) for at, name in enumerate(rule.explains) if name not in known]
        if unknown:
            file = Path(rule.origin)
            yield from _placed(
                file,
                _text(file),
                [Mistake(("explains", at), f"{name!r} is no rule{nearest(name, known)}") for at, name in unknown],
            )
