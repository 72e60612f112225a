"""os, sys, platform, subprocess and shutil, on the machine of the build as it is stated."""

from __future__ import annotations

import ast
import os
import posixpath
from pathlib import PurePosixPath

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.built_ins import EXIT
from buildDoctor.adapters.setup_script.libraries.native import constant, library, unknown
from buildDoctor.adapters.setup_script.libraries.paths import listing
from buildDoctor.adapters.setup_script.libraries.torch_library import CUDA_HOME
from buildDoctor.adapters.setup_script.methods import of_table
from buildDoctor.adapters.setup_script.question import nvcc_says
from buildDoctor.adapters.setup_script.values import ROOT, Items, Library, Native, Unknown, Value, is_known

PYTHON = (3, 12, 0, "final", 0)
"""The Python that the script believes to run in, as in the replay of CMake scripts."""
ALWAYS_SET = (
    "PATH",
    "HOME",
    "USER",
    "PWD",
    "SHELL",
    "LANG",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "CONDA_PREFIX",
    "VIRTUAL_ENV",
)
"""Variables that every shell or environment may have: what they are is not known, not that they are absent."""
_CHANGES = {
    "os": ("unlink", "remove", "symlink", "link", "makedirs", "mkdir", "rename", "replace", "rmdir", "chmod", "chdir"),
    "shutil": ("rmtree", "copy", "copy2", "copyfile", "copytree", "move"),
}
"""What would change files: nothing is changed, and a build that goes through is one in which it succeeds."""
_VERSION_FLAGS = frozenset({"-V", "--version"})


def _variable(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    default = [named["default"]] if "default" in named else []
    return of_table(run, node, run.environment, "get", [*args, *default], {})


def _set_variable(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if len(args) == 2 and isinstance(args[0], str):
        run.environment[args[0]] = run.unknown(node) if run.vague else args[1]
    return None


def _program(name: str) -> Native:
    """A function that starts a program: nothing is started, and only what nvcc says is known."""

    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        command = args[0] if args else None
        words = list(command) if isinstance(command, Items | tuple) and is_known(tuple(command)) else []
        nvcc = bool(words) and posixpath.basename(str(words[0])) == "nvcc"
        if not nvcc:
            run.may_fail(node)
            return Unknown(f"what a program says at {run.place(node)}")
        if len(words) == 2 and words[1] in _VERSION_FLAGS:
            return _answer(name, nvcc_says(run.question.cuda))
        return run.unknown(node)

    return Native(f"subprocess.{name}", call, harmless=True)


def _answer(function: str, text: str) -> Value:
    if function in {"check_output", "getoutput"}:
        return text
    if function == "run":
        return library("subprocess.CompletedProcess", stdout=text, stderr="", returncode=0)
    return 0 if function in {"call", "check_call"} else Unknown("a process")


def _which(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    return f"{CUDA_HOME}/bin/nvcc" if args and args[0] == "nvcc" else run.unknown(node)


def _file_system_path(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    return str(args[0]) if args and isinstance(args[0], str | PurePosixPath) else run.unknown(node)


def _changes(module: str) -> dict[str, Value]:
    return {name: unknown(f"{module}.{name}") for name in _CHANGES[module]}


def system_libraries(run: Interpreter, os_path: Library) -> dict[str, Library]:
    """os, sys, platform, subprocess, shutil."""
    operating_system = library(
        "os", environ=run.environment, path=os_path, sep="/", name="posix", linesep="\n", pathsep=os.pathsep,
        getenv=Native("os.getenv", _variable), putenv=Native("os.putenv", _set_variable), **listing(),
        getcwd=constant("os.getcwd", str(ROOT)), fspath=Native("os.fspath", _file_system_path), **_changes("os"),
    )  # fmt: skip
    system = library(
        "sys", platform="linux", version_info=PYTHON, exit=EXIT, argv=Items(["setup.py", "bdist_wheel"]), maxsize=2**63 - 1,
        byteorder="little", path=Items(), modules=Unknown("sys.modules"), version="3.12.0 (main)",
    )  # fmt: skip
    uname = library("platform.uname()", system="Linux", machine="x86_64")
    machine = library(
        "platform", system=constant("platform.system", "Linux"), machine=constant("platform.machine", "x86_64"),
        uname=constant("platform.uname", uname), python_version=constant("platform.python_version", "3.12.0"),
        architecture=constant("platform.architecture", ("64bit", "ELF")), processor=constant("platform.processor", "x86_64"),
    )  # fmt: skip
    programs = {name: _program(name) for name in ("check_output", "run", "call", "check_call", "getoutput", "Popen")}
    return {
        "os": operating_system, "sys": system, "platform": machine, "subprocess": library("subprocess", **programs),
        "shutil": library("shutil", which=Native("shutil.which", _which), **_changes("shutil")),
    }  # fmt: skip
