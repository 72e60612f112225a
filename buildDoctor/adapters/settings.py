"""The settings of an examined project: `build-doctor.toml`, or `[tool.build-doctor]` of its `pyproject.toml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.toml_files import MAX_BYTES, BadFileError, FileProblem, parse, placed, read_text
from buildDoctor.core.rules.table import Mistake, in_words
from buildDoctor.core.settings import Settings, read_settings

OWN_FILE = "build-doctor.toml"
_SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "build-doctor")


class LoadedSettings(Struct, frozen=True):
    """What a project's settings say."""

    settings: Settings = field(default_factory=Settings)
    problems: tuple[FileProblem, ...] = ()
    """Everything that is wrong with them."""
    file: Path | None = None
    """Where they stand; `None` when there are none."""
    inside: tuple[str, ...] = ()
    """The table of the file that holds them."""

    def placed(self, mistakes: Iterable[Mistake]) -> list[FileProblem]:
        """Further mistakes in the settings, each with its place."""
        if self.file is None:
            return []
        moved = [Mistake((*self.inside, *wrong.path), wrong.message, wrong.line, wrong.column) for wrong in mistakes]
        try:
            return placed(self.file, read_text(self.file), moved)
        except BadFileError as bad:
            return list(bad.problems)


def today() -> str:
    """The day, as `2026-12-31`; in the time zone of the machine."""
    return dt.datetime.now().astimezone().date().isoformat()


def load_settings(project: Path) -> LoadedSettings:
    """The settings of a project's folder; none when it has no file of them."""
    own, shared = project / OWN_FILE, project / _SHARED_FILE
    try:
        if own.exists() or own.is_symlink():
            return _load(own, ())
        return _load(shared, _TABLE) if _mentioned(shared) else LoadedSettings()
    except BadFileError as bad:
        return LoadedSettings(problems=bad.problems)


def load_file(file: Path) -> LoadedSettings:
    """The settings of a file that the user names; of a `pyproject.toml` those in its own table."""
    try:
        return _load(file, _TABLE if file.name == _SHARED_FILE else ())
    except BadFileError as bad:
        return LoadedSettings(problems=bad.problems)


def _mentioned(file: Path) -> bool:
    """Whether a `pyproject.toml` may have settings for build-doctor; others are nobody's business here."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return _TABLE[-1].encode() in stream.read(MAX_BYTES + 1)
    except OSError:
        return False


def _load(file: Path, inside: tuple[str, ...]) -> LoadedSettings:
    text = read_text(file)
    data: object = parse(file, text)
    for depth, key in enumerate(inside):
        data = data.get(key) if isinstance(data, Mapping) else data
        if data is None:
            return LoadedSettings()
        if not isinstance(data, Mapping):
            wrong = Mistake(inside[: depth + 1], f"expected a table, found {in_words(data)}")
            return LoadedSettings(problems=tuple(placed(file, text, [wrong])))
    return _read(file, text, inside, data)


def _read(file: Path, text: str, inside: tuple[str, ...], data: object) -> LoadedSettings:
    from buildDoctor.adapters.toml_positions import Positions  # noqa: PLC0415 - most projects have no settings

    positions = Positions(text)
    plain = _with_dates_as_text(data)
    settings, mistakes = read_settings(
        plain if isinstance(plain, dict) else {},
        lambda path: f"{file.name}:{positions.find((*inside, *path))[0]}",
    )
    loaded = LoadedSettings(settings, file=file, inside=inside)
    return replace(loaded, problems=tuple(loaded.placed(mistakes)))


def _with_dates_as_text(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _with_dates_as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_dates_as_text(inner) for inner in value]
    # A moment is a date too; only a whole day is meant here.
    return value.isoformat() if type(value) is dt.date else value
