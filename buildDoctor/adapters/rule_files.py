"""Reads rule files from every place that rules come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor import __version__
from buildDoctor.adapters.rule_sources import PACK_FILE, RuleSource, SourceKind, builtin_folder, rule_files
from buildDoctor.adapters.toml_files import MAX_BYTES, BadFileError, FileProblem, parse, placed, read_text
from buildDoctor.core.errors import RequestError
from buildDoctor.core.language import nearest
from buildDoctor.core.later import Later
from buildDoctor.core.rules.format import RuleFormatError, read_rule
from buildDoctor.core.rules.pack import read_pack
from buildDoctor.core.rules.rule import Example, Rule
from buildDoctor.core.rules.table import Mistake

_FIRST_EXAMPLE = "\n[[example]]"
_LATE_FIX = "\n[[fix"
__all__ = ["MAX_BYTES", "FileProblem", "LoadedRules", "RuleOrigin", "load_rules"]


class RuleOrigin(Struct, frozen=True):
    """Where a rule comes from."""

    source: RuleSource
    replaced: tuple[str, ...] = ()
    """The files of the rules whose place it takes."""


class LoadedRules(Struct, frozen=True):
    """What the rule files say."""

    rules: tuple[Rule, ...]
    """The rules without problems, the built-in ones first, otherwise by source and path."""
    problems: tuple[FileProblem, ...]
    """Everything that is wrong with the others."""
    origins: Mapping[str, RuleOrigin] = field(default_factory=dict)
    """Where each comes from, by its id."""


class _Loading(Struct):
    """What was loaded so far."""

    builtin: bool
    thorough: bool
    rules: dict[str, Rule] = field(default_factory=dict)
    origins: dict[str, RuleOrigin] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    stems: set[str] = field(default_factory=set)
    seen: set[tuple[int, int]] = field(default_factory=set)

    def load(self, source: RuleSource) -> None:
        """Load the rules of one place."""
        refused: list[Path] = []
        for file in rule_files(source, self.problems):
            if self._is_new(file) and not any(file.is_relative_to(folder) for folder in refused):
                try:
                    if file.name == PACK_FILE:
                        _check_pack(file)
                    else:
                        self._load_file(file, source)
                except BadFileError as bad:
                    self.problems += bad.problems
                    refused += [file.parent] if file.name == PACK_FILE else []

    def _is_new(self, file: Path) -> bool:
        """Whether the file was not met before, under this name or another."""
        try:
            stat = file.stat()
        except OSError:
            # Reading it says what is wrong.
            return True
        identity = (stat.st_dev, stat.st_ino)
        new = identity not in self.seen
        self.seen.add(identity)
        return new

    def _load_file(self, file: Path, source: RuleSource) -> None:
        self.stems.add(file.stem)
        rule = _read(file, proven=source.kind is SourceKind.BUILT_IN and not self.thorough)
        other = self.rules.get(rule.id)
        before = self.origins.get(rule.id)
        wrong = self._clash(rule, source)
        if wrong is not None:
            raise BadFileError(*placed(file, read_text(file), [wrong]))
        self.rules[rule.id] = rule
        replaced = (other.origin, *before.replaced) if other and before else ()
        self.origins[rule.id] = RuleOrigin(source, replaced)

    def _clash(self, rule: Rule, source: RuleSource) -> Mistake | None:
        """What is wrong about a rule's id beside those of the others."""
        other = self.rules.get(rule.id)
        if other is None:
            if rule.replaces and self.builtin:
                near = nearest(rule.id, self.rules)
                return Mistake(("replaces",), f"there is no other rule {rule.id!r} that it could replace{near}")
            return None
        if self.origins[rule.id].source == source:
            return Mistake(("id",), f"the id {rule.id!r} is already taken by {other.origin}")
        if not rule.replaces:
            message = f"the id {rule.id!r} is already taken by {other.origin}; to take its place write replaces = true"
            return Mistake(("id",), message)
        return None


def load_rules(
    paths: Sequence[Path] = (), *, builtin: bool = True, sources: Sequence[RuleSource] = (), thorough: bool = False
) -> LoadedRules:
    """The rules of files and folders, and everything that is wrong with them.

    Args:
        paths: Rule files, and folders that are searched for them, which the user names.
        builtin: Whether the rules that come with build-doctor are loaded too.
        sources: Further places, the farthest from the user first.
        thorough: Whether the built-in rules are checked at once, as those of others always are.
    """
    loading = _Loading(builtin, thorough)
    own = [RuleSource(SourceKind.BUILT_IN, builtin_folder())] if builtin else []
    for source in (*own, *sources, *(RuleSource(SourceKind.OPTION, path) for path in paths)):
        loading.load(source)
    problems = loading.problems
    if builtin:
        problems += _unknown_consequences(loading.rules.values(), loading.stems)
    return LoadedRules(tuple(loading.rules.values()), tuple(problems), loading.origins)


def _read(file: Path, *, proven: bool) -> Rule:
    """A file's rule."""
    text = read_text(file)
    if proven and (rule := _read_proven(text, file)):
        return rule
    try:
        rule = read_rule(parse(file, text), stem=file.stem, origin=str(file))
    except RuleFormatError as error:
        raise BadFileError(*placed(file, text, error.mistakes)) from None
    if not proven and (absent := _absent_files(rule, file)):
        raise BadFileError(*placed(file, text, absent))
    return rule


def _read_proven(text: str, file: Path) -> Rule | None:
    """A rule that a test has proven; `None` for one that was broken since, which is then read with care.

    Its examples, half of the text, are parsed when someone asks for them.
    """
    head, found, rest = text.partition(_FIRST_EXAMPLE)
    if not found or _LATE_FIX in rest:
        return None
    try:
        rule = read_rule(parse(file, head), stem=file.stem, origin=str(file), proven=True)
    except (BadFileError, RuleFormatError, RequestError):
        return None
    return replace(rule, examples=Later(lambda: _examples_of(file)))


def _examples_of(file: Path) -> tuple[Example, ...]:
    """The examples of a rule that a test has proven.

    Raises:
        RequestError: the file was broken since.
    """
    try:
        return tuple(read_rule(parse(file, read_text(file)), stem=file.stem, proven=True).examples)
    except (BadFileError, RuleFormatError) as error:
        raise RequestError(f"a built-in rule is broken: {error}; run build-doctor rules check") from None


def _absent_files(rule: Rule, file: Path) -> list[Mistake]:
    """A mistake for each file of evidence that an example names and that is not there."""
    return [
        Mistake(("example", at, "evidence"), f"there is no file {example.evidence_file} beside the rule")
        for at, example in enumerate(rule.examples)
        if example.evidence_file is not None and not (file.parent / example.evidence_file).is_file()
    ]


def _check_pack(file: Path) -> None:
    """Refuse a folder of rules that needs another build-doctor."""
    text = read_text(file)
    mistakes = read_pack(parse(file, text), __version__)
    if mistakes:
        raise BadFileError(*placed(file, text, mistakes))


def _unknown_consequences(rules: Iterable[Rule], known: Collection[str]) -> Iterator[FileProblem]:
    """A problem for each rule that is said to be explained and does not exist."""
    for rule in rules:
        unknown = [(at, name) for at, name in enumerate(rule.explains) if name not in known]
        if unknown:
            file = Path(rule.origin)
            yield from placed(
                file,
                read_text(file),
                [Mistake(("explains", at), f"{name!r} is no rule{nearest(name, known)}") for at, name in unknown],
            )
