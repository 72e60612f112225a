"""Everything that is wrong with rule files and settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.rule_files import LoadedRules, load_rules
from buildDoctor.adapters.rule_sources import builtin_folder
from buildDoctor.adapters.settings import load_settings
from buildDoctor.adapters.toml_files import FileProblem
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.settings import unknown_names
from buildDoctor.examine.examples import example_problems
from buildDoctor.examine.options import Options
from buildDoctor.examine.rulebook import project_of, sources_of


class Checked(Struct, frozen=True):
    """What a check found."""

    rules: int
    """How many rules are right as far as they were read."""
    problems: tuple[FileProblem, ...]


def check_paths(paths: Sequence[Path]) -> Checked:
    """Check rule files and folders, beside the built-in rules."""
    loaded, rules = rules_at(paths)
    problems = [problem for problem in loaded.problems if _is_below(Path(problem.file), paths)]
    return _with_examples(rules, problems)


def rules_at(paths: Sequence[Path]) -> tuple[LoadedRules, tuple[Rule, ...]]:
    """All rules with those of some files and folders among them, and these alone."""
    # Built-in rules that are named by their path are loaded once, as what they are.
    own = [path for path in paths if not _is_below(path, [builtin_folder()])]
    loaded = load_rules(own, thorough=len(own) < len(paths))
    return loaded, tuple(rule for rule in loaded.rules if _is_below(Path(rule.origin), paths))


def check_everything(options: Options) -> Checked:
    """Check all rules and settings that an examination here would use."""
    problems: list[FileProblem] = []
    loaded = load_rules(options.rules, sources=sources_of(options, problems), thorough=True)
    found = load_settings(project_of(options))
    problems += [*loaded.problems, *found.problems]
    ids, families = frozenset(rule.id for rule in loaded.rules), frozenset(rule.family for rule in loaded.rules)
    problems += found.placed(unknown_names(found.settings, ids, families))
    return _with_examples(loaded.rules, problems)


def _with_examples(rules: Sequence[Rule], problems: Iterable[FileProblem]) -> Checked:
    wrong = [problem for rule in rules for problem in example_problems(rule)]
    return Checked(len(rules), (*problems, *wrong))


def _is_below(path: Path, roots: Iterable[Path]) -> bool:
    """Whether a path is one of some others, or lies in one of them."""
    real = path.absolute()
    return any(real == root.absolute() or root.absolute() in real.parents for root in roots)
