"""`--run-setup`: the script is run, by a child process that can do nothing but read the tree and say what it was asked for.

Off by default. The child has no user environment, an empty home, bounds for time, memory and files, and no right to write to the
disk, to start a program or to open a socket (`child/confine.py`); where the system cannot take these rights away, nothing is run. The
child's working folder is the tree itself, for scripts name their files from there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import packaging
from msgspec import Struct

from buildDoctor.adapters.commands import Completed, Failed, run
from buildDoctor.adapters.setup_script.interpreter import SCRIPT
from buildDoctor.adapters.setup_script.question import SetupQuestion, nvcc_says
from buildDoctor.core.plan.nvcc_flags import defined_macros
from buildDoctor.core.plan.setup_ways import AskedExtension, Way

SECONDS = 20
_MEMORY_BYTES = 2 * 1024**3
_OUTPUT_BYTES = 4 * 1024**2
_MOST_EXTENSIONS = 2_000
START = """
import sys
sys.path[:0] = sys.argv[2:]
from buildDoctor.adapters.setup_script.child.main import main
main(sys.argv[1])
"""
"""What the child process begins with: the package is read from where this one lies, and nothing else of the environment."""
_KINDS = frozenset({"CUDAExtension", "CppExtension", "Extension"})


class Recorded(Struct, frozen=True, kw_only=True):
    """What a run asked for."""

    way: Way
    held: tuple[str, ...]
    """What kept the child in, such as `Landlock`."""


def run_setup(tree: Path, question: SetupQuestion, seconds: float = SECONDS) -> Recorded | Failed:
    """Run the setup.py of a tree in a child process that only records.

    Args:
        tree: the folder that holds it.
        question: the build that is asked about.
        seconds: how long it may take.
    """
    tree = tree.resolve()
    if not (tree / SCRIPT).is_file():
        return Failed(reason=f"{SCRIPT} is not there")
    with tempfile.TemporaryDirectory(prefix="build-doctor-") as name:
        folder = Path(name).resolve()
        empty = folder / "empty"
        empty.mkdir()
        facts = folder / "facts.json"
        facts.write_text(json.dumps(_facts(tree, empty, question, seconds)), encoding="utf-8")
        roots = [str(Path(__file__).parents[3]), str(Path(packaging.__file__).parents[1])]
        ended = run(
            [sys.executable, "-I", "-S", "-B", "-c", START, str(facts), *dict.fromkeys(roots)],
            folder=empty, seconds=seconds, environment={"HOME": str(empty), "TMPDIR": str(empty)},
            file_bytes=_OUTPUT_BYTES, memory_bytes=_MEMORY_BYTES,
        )  # fmt: skip
    return _read(ended, tree)


def _facts(tree: Path, empty: Path, question: SetupQuestion, seconds: float) -> dict[str, Any]:
    """What the script finds."""
    home = str(empty / "home")
    environment = {"HOME": home, "TMPDIR": home, "PATH": "/not-run/cuda/bin", **question.environment}
    return {
        "tree": str(tree), "empty": str(empty), "seconds": int(seconds) + 1, "environment": environment,
        "nvcc_says": nvcc_says(question.cuda), "torch": question.torch, "torch_cuda": question.cuda_of_torch,
        "torch_architectures": question.torch_architectures, "capabilities": question.capabilities,
    }  # fmt: skip


def _read(ended: Completed | Failed, tree: Path) -> Recorded | Failed:
    """The record that the child wrote."""
    if isinstance(ended, Failed):
        return Failed(reason=f"the run of {SCRIPT} was stopped: {ended.reason}")
    if ended.code != 0:
        words = ended.errors.strip().splitlines()[-1:] or ["nothing"]
        return Failed(reason=f"the run of {SCRIPT} ended with code {ended.code} and said: {words[0][:300]}")
    try:
        record = json.loads(ended.output)
        held = tuple(map(str, record["held"]))
        if record.get("refused"):
            return Failed(
                reason=f"{SCRIPT} was not run: this system cannot confine it; it needs Landlock and seccomp and has {', '.join(held) or 'neither'}"
            )
        return Recorded(way=_way(record, tree), held=held)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Failed(reason=f"the run of {SCRIPT} left no record that can be read")


def _way(record: dict[str, Any], tree: Path) -> Way:
    stop = str(record["stop"])
    if not stop and record["missing"]:
        stop = f"{SCRIPT}: it asks for {record['missing'][0]}, for which there is no stand-in"
    doubts = () if record["calls"] or stop else ("the script does not call setup()",)
    arch_list = record["arch_list"]
    return Way(
        extensions=tuple(_extension(one, record, tree) for one in record["extensions"][:_MOST_EXTENSIONS]),
        doubts=doubts,
        arch_list=str(arch_list) if arch_list is not None else None,
        stop=stop,
    )


def _extension(one: dict[str, Any], record: dict[str, Any], tree: Path) -> AskedExtension:
    flags = tuple(map(str, one["flags"]))
    macros = [str(name) if value is None else f"{name}={value}" for name, value in one["macros"]]
    doubt = "the script's own build command may change them" if record["changes_flags"] else ""
    if record["patched"]:
        doubt = f"{record['patched'][0]} of torch's build helper is replaced"
    built_by = str(record["build"]) or ("" if one["kind"] in _KINDS else f"class {one['kind']}")
    prefix = f"{tree}/"
    return AskedExtension(
        name=str(one["name"]),
        kind=str(one["kind"]),
        file=SCRIPT,
        line=int(one["line"]),
        sources=tuple(dict.fromkeys(str(source).removeprefix("./").removeprefix(prefix) for source in one["sources"])),
        flags=flags,
        flags_doubt=doubt,
        definitions=tuple(dict.fromkeys((*macros, *defined_macros(flags)))),
        built_by=built_by,
    )
