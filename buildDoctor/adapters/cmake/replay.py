"""One run of a tree's own build scripts that decides everything and touches nothing.

The real cmake runs them in script mode, in an empty folder, without the user's environment, with every command that
acts on the world replaced (`stubs.cmake`, `reading.cmake.in`). The trace of the run is the result.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.cmake.find_cmake import find_cmake, modules_of
from buildDoctor.adapters.cmake.inputs import Sight, inputs, reading
from buildDoctor.adapters.cmake.leftovers import build_folder, fetched_folders
from buildDoctor.adapters.cmake.plain_trace import read_plain_trace
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.scripts import Scripts
from buildDoctor.adapters.cmake.trace import Naming, read_trace
from buildDoctor.adapters.commands import Completed, Failed, run
from buildDoctor.core.plan import TraceRecord
from buildDoctor.core.plan.target_records import NOTE

_HERE = Path(__file__).parent
_SECONDS = 8.0
"""For one run of cmake."""
_ALL_SECONDS = 20.0
"""For all runs that it takes to meet every unknown command; the last one may take its own time beyond it."""
_TRACE_BYTES = 32 * 1024 * 1024
_MEMORY_BYTES = 1024 * 1024 * 1024
_MOST_UNKNOWN = 40
_TRACE = "trace"
_MOST_TRACED = 500
TORCH_SCRIPT = Path("torch/share/cmake/Caffe2/Modules_CUDA_fix/upstream/FindCUDA/select_compute_arch.cmake")
"""Where the script lies that makes flags of the request, from the folder that holds torch."""
_PLAIN_PATH = re.compile(r"[\w/.+-]+", re.ASCII)
_UNKNOWN = re.compile(r"Unknown CMake command \"(\w+)\"")
_ERROR = re.compile(
    r"^CMake Error(?: in| at)? ?(?P<file>[^\n]+?)?(?::(?P<line>\d+)[^\n]*)?:?\n(?P<text>(?:[ \t]+[^\n]*\n|\n)+)",
    re.MULTILINE,
)


class Replay(Struct, frozen=True, kw_only=True):
    """What a run of the scripts executed."""

    records: tuple[TraceRecord, ...]
    complaints: tuple[str, ...]
    """Fatal messages that the scripts give and that the run passed over, with file and line."""
    unknown: tuple[str, ...] = ()
    """Commands of packages that are not here, whose calls were passed over."""
    left_out: tuple[str, ...] = ()
    """Scripts that are included and do not lie in the tree, with file and line of the call."""


def replay(tree: Path, question: Question, scripts: Scripts, original: Path | None = None) -> Replay | Failed:
    """Run the scripts of a tree.

    Args:
        tree: the folder that holds CMakeLists.txt; absolute.
        question: the build that is asked about.
        scripts: the scripts that may be run; they were looked through.
        original: the tree that this one is a changed copy of.
    """
    cmake = find_cmake()
    if cmake is None:
        return Failed(reason="no cmake was found: install the PyPI package cmake beside build-doctor")
    with tempfile.TemporaryDirectory(prefix="build-doctor-") as name:
        folder = Path(name).resolve()
        place = _place(tree, folder)
        sight = Sight(
            place=place,
            roots=(tree, *([original] if original else ())),
            scripts=scripts.names,
            original=original if original and original != tree else None,
            built=_seen_from(place, original or tree, build_folder(original or tree)),
            fetched=_fetched(place, original or tree),
            modules=modules_of(cmake),
            way=scripts.way,
            torch_script=question.torch_script,
        )
        traced = _traced([*scripts.names, *([str(question.torch_script)] if question.torch_script else [])])
        (folder / "empty").mkdir()
        (folder / "reading.cmake").write_bytes(os.fsencode(reading(sight)))
        unknown: list[str] = []
        ended = _run_knowing(unknown, cmake, folder, traced, lambda: inputs(sight, question, unknown))
        if isinstance(ended, Failed):
            return Failed(reason=f"the build scripts were stopped: {ended.reason}")
        torch = [site_of(question.torch_script)] if question.torch_script else []
        naming = Naming(roots=(place, tree, *torch), own=_HERE, folder=folder)
        records: tuple[TraceRecord, ...] | Failed | None = None
        if ended.code >= 0:
            records = read_plain_trace(folder / _TRACE, naming, question.torch_script)
        if ended.code >= 0 and records is None:
            # JSON tells what the words leave open, and costs cmake more than the scripts themselves.
            ended = _run(cmake, folder, [*traced, "--trace-format=json-v1"])
            if isinstance(ended, Failed):
                return Failed(reason=f"the build scripts were stopped: {ended.reason}")
            records = read_trace(folder / _TRACE, naming)
        if ended.code != 0:
            return Failed(reason=_why(ended, place, records if isinstance(records, tuple) else ()))
    if not isinstance(records, tuple):
        return records or Failed(reason="the build scripts left no trace")
    return Replay(
        records=records,
        complaints=tuple(map(_complaint, filter(_is_fatal, records))),
        unknown=tuple(unknown),
        left_out=tuple(dict.fromkeys(_left_out(records))),
    )


def _run_knowing(
    unknown: list[str], cmake: Path, folder: Path, traced: Sequence[str], given: Callable[[], str]
) -> Completed | Failed:
    """Run the scripts, and once more for each command that is not known: cmake ends at the first of them.

    Args:
        unknown: takes the names of those commands, whose calls are then passed over.
        cmake: the program.
        folder: the folder of the run.
        traced: the options that say what is traced.
        given: the inputs of a run, with what is unknown so far.
    """
    began = time.monotonic()
    while True:
        (folder / "inputs.cmake").write_bytes(os.fsencode(given()))
        ended = _run(cmake, folder, traced)
        missing = _UNKNOWN.search(ended.errors) if isinstance(ended, Completed) and ended.code > 0 else None
        if missing is None or missing[1] in unknown or len(unknown) >= _MOST_UNKNOWN:
            return ended
        unknown.append(missing[1])
        if time.monotonic() - began > _ALL_SECONDS:
            words = f"running them up to each unknown command, such as {missing[1]}, took more than {_ALL_SECONDS:g} s"
            return Failed(reason=words, started=True)


def _seen_from(place: Path, tree: Path, folder: Path | None) -> Path | None:
    """A folder of the tree as the scripts call it."""
    return place / folder.relative_to(tree) if folder else None


def _fetched(place: Path, tree: Path) -> tuple[Path, ...]:
    return tuple(place / folder.relative_to(tree) for folder in fetched_folders(tree, build_folder(tree)))


def _place(tree: Path, folder: Path) -> Path:
    """A path of the tree that no script trips over: itself, or a link to it when it has spaces, semicolons and the like."""
    if _PLAIN_PATH.fullmatch(str(tree)):
        return tree
    link = folder / "tree"
    link.symlink_to(tree)
    return link


def site_of(torch_script: Path) -> Path:
    """The folder that holds torch, from the script's place inside of it."""
    depth = len(TORCH_SCRIPT.parts) - 1
    return torch_script.parents[depth] if len(torch_script.parents) > depth else torch_script.parent


def _run(cmake: Path, folder: Path, traced: Sequence[str]) -> Completed | Failed:
    trace = folder / _TRACE
    trace.unlink(missing_ok=True)
    empty = str(folder / "empty")
    return run(
        [
            str(cmake), f"-DBUILD_DOCTOR_FOLDER={folder}", "-DCMAKE_POLICY_VERSION_MINIMUM=3.5",
            "--trace-expand", f"--trace-redirect={trace}", *traced,
            "-P", str(_HERE / "driver.cmake"),
        ],
        folder=Path(empty), seconds=_SECONDS, environment={"HOME": empty, "TMPDIR": empty},
        file_bytes=_TRACE_BYTES, memory_bytes=_MEMORY_BYTES,
    )  # fmt: skip


def _traced(scripts: Sequence[str]) -> list[str]:
    """The options that keep build-doctor's own preparations out of the trace, whose writing takes most of the time."""
    names = dict.fromkeys(("notes.cmake", *(name.rpartition("/")[2] for name in scripts)))
    return [f"--trace-source={name}" for name in names] if len(names) <= _MOST_TRACED else []


def _is_fatal(record: TraceRecord) -> bool:
    return record.command == "message" and record.arguments[:1] == ("FATAL_ERROR",)


def _is_error(record: TraceRecord) -> bool:
    return record.command == "message" and record.arguments[:1] in {("FATAL_ERROR",), ("SEND_ERROR",)}


def _complaint(record: TraceRecord) -> str:
    return f"{record.file}:{record.line}: {''.join(record.arguments[1:])}"


_VERBS = {"include": "includes", "add_subdirectory": "adds the folder of"}


def _left_out(records: Sequence[TraceRecord]) -> list[str]:
    """The scripts that the include stub passed over; the call stands right before it in the trace."""
    found, caller = [], None
    for record in records:
        if record.command in {"include", "add_subdirectory"} and not record.file.startswith("/"):
            caller = record
        elif record.command == NOTE and record.arguments[:1] == ("left",) and caller is not None:
            found.append(f"{caller.file}:{caller.line} {_VERBS[caller.command]} {record.arguments[1]}")
    return found


def _why(ended: Completed, place: Path, records: Sequence[TraceRecord]) -> str:
    """Why cmake ended without an answer: the first error that it names, and what the scripts complained of before."""
    if ended.code < 0:
        return (
            "the build scripts were stopped: they took more than "
            f"{_MEMORY_BYTES // 1024**2:,} MiB of memory or left a trace of more than {_TRACE_BYTES // 1024**2} MiB"
        )
    found = _ERROR.search(ended.errors)
    if not found:
        return f"cmake ended with code {ended.code} and said: {ended.errors.strip()[:300] or 'nothing'}"
    file = (found["file"] or "CMakeLists.txt").replace(f"{place}/", "")
    words = " ".join(found["text"].split()).replace(f"{place}/", "")
    where = f"{file}:{found['line']}" if found["line"] else file
    said = next(map(_complaint, filter(_is_error, records)), "")
    before = f"; before that the scripts say: {said[:300].strip()}" if said else ""
    return f"{where}: cmake cannot run the build scripts: {words[:300]}{before}"
