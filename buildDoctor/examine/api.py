"""An examination asked for from Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options, Progress

Target = str | os.PathLike[str]


def examine(  # noqa: PLR0913  the options of the command line, all by name
    targets: Target | Iterable[Target] = (),
    *,
    source: Target | None = None,
    python: Target | None = None,
    gpu: str | Iterable[str] | None = None,
    cuda: str | None = None,
    arch_list: str | None = None,
    rules: Iterable[Target] = (),
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    isolated: bool = False,
    static: bool = False,
    run_setup: bool = False,
    env: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Examine files, folders, packages or source trees, as `build-doctor` does on the command line.

    Nothing that is examined is imported, loaded, built or changed.

    Args:
        targets: what to examine; without any the current folder and the active environment.
        source: the source tree of the build plan.
        python: the interpreter, or the folder, of the environment to examine.
        gpu: the compute capabilities to diagnose for, such as `"12.0"` or `["12.0", "10.3"]`.
        cuda: the toolkit version to plan with, such as `"12.9"`.
        arch_list: what the build is asked for, as TORCH_CUDA_ARCH_LIST takes it.
        rules: files and folders of own rules.
        select: ids or families of the rules to run; all without any.
        ignore: ids or families of rules to leave out.
        isolated: only the built-in rules and those of `rules`; no settings of the project.
        static: start no other program: neither nvidia-smi nor the bundled cmake, so that no CMake tree is replayed.
        run_setup: run the tree's setup.py in a confined child process that only records.
        env: variables of the build.
        progress: called with a short sentence before each step.

    Raises:
        RequestError: an option, a path or a rule is wrong, or no target could be examined. The message says what, where
            and what to do.
    """
    from buildDoctor.examine.run import examine as run  # noqa: PLC0415  the signature is needed before the shell is

    options = Options(
        targets=_texts(targets),
        source=None if source is None else os.fspath(source),
        python=None if python is None else os.fspath(python),
        gpu=gpu if gpu is None or isinstance(gpu, str) else ",".join(gpu),
        cuda=cuda,
        arch_list=arch_list,
        rules=tuple(map(Path, rules)),
        select=tuple(select),
        ignore=tuple(ignore),
        isolated=isolated,
        static=static,
        replays=not static,
        run_setup=run_setup,
        env=tuple(f"{name}={value}" for name, value in (env or {}).items()),
    )
    options.capabilities(), options.request(), options.toolkit(), options.variables()
    return run(options) if progress is None else run(options, progress)


def _texts(targets: Target | Iterable[Target]) -> tuple[str, ...]:
    """One target or several, as texts."""
    several = (targets,) if isinstance(targets, str | os.PathLike) else targets
    return tuple(os.fspath(target) for target in several)
