"""Writes the examples of rules that are made from real build scripts: `python tests/rules/record_replays.py [RULE …]`.

What is examined is fetched by name and version (`tests/corpus.py`), or is of our own. What is written of it are the fields
of the evidence that the rule reads: lists of architectures, names, files with their lines.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from msgspec.structs import replace
from recorded_fields import cut, fields_read, written
from recorded_places import Places
from recordings import RECORDINGS, Recording

from buildDoctor.adapters import targets
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Environment, Evidence
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.look import look
from buildDoctor.examine.options import Options


def record(rule: Rule, recording: Recording, places: Places) -> str:
    """The text of a recording.

    Args:
        rule: the rule that it is an example of.
        recording: what is examined.
        places: where that is put together.
    """
    seen = _only(_seen(recording, places), recording.blocks)
    return written(cut(seen, fields_read(rule), places.names))


def _only(seen: Evidence, blocks: tuple[str, ...]) -> Evidence:
    """The evidence with the blocks of these names, where some are named."""
    if not blocks or seen.plan is None:
        return seen
    kept = tuple(feature for feature in seen.plan.features or () if feature.name in blocks)
    return replace(seen, plan=replace(seen.plan, features=kept))


def _seen(recording: Recording, places: Places) -> Evidence:
    """What is examined, once for all rules that it is an example of.

    Raises:
        SystemExit: it cannot be.
    """
    if recording not in places.seen:
        places.seen[recording] = _look(recording, places)
    return places.seen[recording]


def _look(recording: Recording, places: Places) -> Evidence:
    tree, environment = recording.tree(places), recording.environment(places)
    binaries = [str(make(places)) for make in recording.binaries]
    options = Options(
        targets=tuple(binaries), source=str(tree), python=str(environment), gpu=recording.gpu,
        cuda=recording.cuda, arch_list=recording.request, env=recording.env, isolated=True, static=True,
    )  # fmt: skip
    gathered = look(options, tuple(targets.classify(given, ()) for given in binaries), lambda _step: None)
    if gathered.failures:
        raise SystemExit("\n".join(gathered.failures))
    return gathered.evidence


def file_of(rule: Rule) -> Path:
    """Where the recording of a rule lies."""
    return Path(rule.origin).with_suffix(".json")


def main(wanted: list[str]) -> None:
    """Write those of the named rules, or all."""
    sys.path.append(str(Path(__file__).parents[1]))
    from corpus import default_corpus  # type: ignore[import-not-found]  # noqa: PLC0415  it lies beside this folder

    for name in Environment.__struct_fields__:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder).resolve(), default_corpus())
        for rule in load_rules().rules:
            if rule.id in RECORDINGS and (not wanted or rule.id in wanted):
                file_of(rule).write_text(record(rule, RECORDINGS[rule.id], places), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
