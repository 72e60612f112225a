"""One run of a tree's own build scripts that decides everything and touches nothing.

The real cmake runs them in script mode, in an empty folder, without the user's environment, with every command that
acts on the world replaced (`stubs.cmake`, `reading.cmake`). The trace of the run is the result.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.cmake.question import Question, compiler_version, gencode_flags
from buildDoctor.adapters.commands import Failed, run
from buildDoctor.core.plan import TraceRecord

_HERE = Path(__file__).parent
_SECONDS = 10.0
_TRACE_BYTES = 64 * 1024 * 1024
_ERROR = re.compile(r"^CMake Error(?: in| at)? ?(?P<file>[^\s:]+)?:?(?P<line>\d+)?[^\n]*:?\n(?P<text>(?:[ \t]+[^\n]*\n|\n)+)", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a run of the scripts executed."""

    records: tuple[TraceRecord, ...]
    complaints: tuple[str, ...]
    """Fatal messages that the scripts give and that the run passed over, with file and line."""


def replay(tree: Path, question: Question) -> Replay | Failed:
    """Run the scripts of a tree.

    Args:
        tree: the folder that holds CMakeLists.txt; absolute.
        question: the build that is asked about.
    """
    cmake = find_cmake()
    if cmake is None:
        return Failed(reason="no cmake was found: install the PyPI package cmake beside build-doctor")
    with tempfile.TemporaryDirectory(prefix="build-doctor-") as name:
        folder = Path(name)
        empty = folder / "empty"
        empty.mkdir()
        (folder / "inputs.cmake").write_text(_inputs(tree, question), encoding="utf-8")
        trace = folder / "trace.json"
        ended = run(
            [
                str(cmake), f"-DBUILD_DOCTOR_INPUTS={folder / 'inputs.cmake'}", "-DCMAKE_POLICY_VERSION_MINIMUM=3.5",
                "--trace-expand", "--trace-format=json-v1", f"--trace-redirect={trace}", "-P", str(_HERE / "driver.cmake"),
            ],
            folder=empty, seconds=_SECONDS, environment={"HOME": str(empty), "TMPDIR": str(empty)}, file_bytes=_TRACE_BYTES,
        )  # fmt: skip
        if isinstance(ended, Failed):
            return Failed(reason=f"the build scripts of {tree.name}: {ended.reason}")
        if ended.code != 0:
            return Failed(reason=_first_error(ended.errors, tree, ended.code))
        records = _read_trace(trace, tree)
    if isinstance(records, Failed):
        return records
    return Replay(records=records, complaints=tuple(_complaint(r) for r in records if _is_fatal(r)))


def _inputs(tree: Path, question: Question) -> str:
    """The script that sets what a configured machine would know."""
    values = {
        "CMAKE_SOURCE_DIR": str(tree),
        "CMAKE_CURRENT_SOURCE_DIR": str(tree),
        "CMAKE_CURRENT_LIST_DIR": str(_HERE),
        "PROJECT_SOURCE_DIR": str(tree),
        "CMAKE_BINARY_DIR": "/not-built",
        "CMAKE_CURRENT_BINARY_DIR": "/not-built",
        "PROJECT_BINARY_DIR": "/not-built",
        "CMAKE_BUILD_TYPE": "Release",
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": "x86_64",
        "CMAKE_CUDA_COMPILER": "nvcc",
        "CMAKE_CUDA_COMPILER_ID": "NVIDIA",
        "CMAKE_CUDA_COMPILER_VERSION": compiler_version(question.cuda),
        "CMAKE_CUDA_FLAGS": gencode_flags(question.request),
        "CUDA_FOUND": "TRUE",
        "CUDA_VERSION": ".".join(question.cuda.split(".")[:2]),
        "CUDAToolkit_VERSION": compiler_version(question.cuda),
        "Torch_VERSION": question.torch.split("+")[0],
        "Python_VERSION": "3.12.0",
        "Python_VERSION_MAJOR": "3",
        "Python_VERSION_MINOR": "12",
        "Python_EXECUTABLE": "/not-run/python3",
        "VLLM_PYTHON_EXECUTABLE": "/not-run/python3",
    }
    return "".join(f"set({name} [==[{value}]==])\n" for name, value in values.items())


def _read_trace(trace: Path, tree: Path) -> tuple[TraceRecord, ...] | Failed:
    """The records of a trace file, with scripts of the tree named relative to it."""
    import msgspec  # noqa: PLC0415  costs 20 ms that a run without a plan need not pay

    class Line(msgspec.Struct):
        cmd: str
        args: tuple[str, ...]
        file: str
        line: int
        frame: int

    root = f"{tree}/"
    decoder = msgspec.json.Decoder(Line)
    try:
        lines = trace.read_bytes().split(b"\n")[1:]
        decoded = [decoder.decode(line) for line in lines if line]
    except (OSError, msgspec.DecodeError) as error:
        return Failed(reason=f"the trace of the build scripts cannot be read: {error}")
    return tuple(
        TraceRecord(item.cmd.lower(), item.args, item.file.removeprefix(root), item.line, item.frame)
        for item in decoded
        if not item.file.startswith(f"{_HERE}/driver") and not item.file.startswith(f"{_HERE}/stubs")
    )


def _is_fatal(record: TraceRecord) -> bool:
    return record.command == "message" and record.arguments[:1] == ("FATAL_ERROR",)


def _complaint(record: TraceRecord) -> str:
    return f"{record.file}:{record.line}: {''.join(record.arguments[1:])}"


def _first_error(errors: str, tree: Path, code: int) -> str:
    """The first error that cmake names, with file and line."""
    found = _ERROR.search(errors)
    if not found:
        return f"cmake ended with code {code} and said: {errors.strip()[:300] or 'nothing'}"
    file = (found["file"] or "CMakeLists.txt").replace(f"{tree}/", "")
    words = " ".join(found["text"].split()).replace(f"{tree}/", "")
    place = f"{file}:{found['line']}" if found["line"] else file
    return f"{place}: cmake cannot run the build scripts: {words[:300]}"
