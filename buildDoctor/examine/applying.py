"""Puts a fix into the user's own source tree. The only place that changes anything, and only when it is asked to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import buildDoctor
from buildDoctor.core.fixes.list_edits import EditError
from buildDoctor.core.fixes.patches import Applied, patched, patched_file

_MOST_BACKUPS = 1000


def refusal(tree: Path, patch: str) -> str:
    """Why a patch cannot be put into a tree, in one sentence; empty when it can."""
    try:
        _prepared(tree, patch)
    except (EditError, OSError) as error:
        return _reason(error)
    return ""


def apply(tree: Path, patch: str) -> Applied:
    """Change the one file of a patch, and keep the file as it was as `.orig` beside it.

    Args:
        tree: the user's own source tree.
        patch: a unified diff of one file, whose every line must be there.
    """
    try:
        path, before, after = _prepared(tree, patch)
        backup = _keep(path, before)
        try:
            _replace(path, after)
        except OSError:
            backup.unlink()
            raise
    except (EditError, OSError) as error:
        return Applied(why_not=_reason(error))
    return Applied(file=patched_file(patch), backup=backup.name)


def _prepared(tree: Path, patch: str) -> tuple[Path, bytes, bytes]:
    """The file, its bytes now and after.

    Raises:
        EditError: the tree is not the user's own, or the file is not what the patch expects.
        OSError: the file cannot be read, or its folder cannot be written.
    """
    root = tree.resolve(strict=True)
    given = root / patched_file(patch)
    if given.is_symlink() or not given.resolve(strict=True).is_relative_to(root):
        raise EditError(f"{patched_file(patch)} is a link, which could lead out of the tree")
    if given.is_relative_to(Path(buildDoctor.__file__).parent):
        raise EditError("this tree is a part of build-doctor; only your own source trees are changed")
    if "site-packages" in given.parts or "dist-packages" in given.parts:
        raise EditError("this tree is an installed package; only your own source trees are changed")
    if not os.access(given, os.W_OK) or not os.access(given.parent, os.W_OK):
        raise EditError(f"{patched_file(patch)} cannot be written")
    before = given.read_bytes()
    # Bytes that are no UTF-8 come through unchanged.
    text = before.decode("utf-8", "surrogateescape")
    return given, before, patched(text, patch).encode("utf-8", "surrogateescape")


def _keep(path: Path, content: bytes) -> Path:
    """Write the content to the first free of `X.orig`, `X.orig.1` and so on.

    Raises:
        OSError: it cannot be written.
    """
    for number in range(_MOST_BACKUPS):
        backup = path.with_name(f"{path.name}.orig.{number}" if number else f"{path.name}.orig")
        try:
            with backup.open("xb") as stream:
                stream.write(content)
        except FileExistsError:
            continue
        return backup
    raise FileExistsError(f"there are {_MOST_BACKUPS} backups of {path.name} already")


def _replace(path: Path, content: bytes) -> None:
    """Put the content in place of the file in one step, with the same permissions.

    Raises:
        OSError: it cannot be written; the file is then as it was.
    """
    mode = path.stat().st_mode
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _reason(error: Exception) -> str:
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)
