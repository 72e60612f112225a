"""The plan of a tree that builds in setup.py: what it is asked with, how it is read, and how a trial reads it again."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.cpp_extension import read_extension_helper
from buildDoctor.adapters.setup_script.plan import SetupReading, read_setup_plan, record_setup_plan
from buildDoctor.adapters.setup_script.question import SetupQuestion
from buildDoctor.adapters.targets import Target
from buildDoctor.core.device.architectures import ArchitectureError
from buildDoctor.core.evidence import Origin
from buildDoctor.core.plan.torch_helper import ExtensionHelper
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options

_LARGEST_PROJECT_FILE = 1 << 20


def see_setup_plan(gathered: Gathered, tree: Target, options: Options, toolkit: tuple[str, str] | None) -> None:
    """Put the plan of a setup.py into the evidence.

    Args:
        gathered: the evidence so far.
        tree: the source tree.
        options: the user's request.
        toolkit: the toolkit's version, and who says so.
    """
    if toolkit is None:
        gathered.miss("plan", f"it is not known which toolkit builds {tree.given}: state it with --cuda 12.9")
        return
    arch_list, request, source = _asked(gathered, options)
    helper = _helper(gathered)
    question = _question(gathered, options, toolkit[0], arch_list, helper)
    reading = _read(tree.path, question, request, run=options.run_setup)
    if reading.plan is None:
        for missing in reading.not_seen:
            gathered.fail(missing.path, f"{tree.given}: {missing.reason}")
        return
    gathered.tree, gathered.setup, gathered.runs_setup = tree.path, question, options.run_setup
    gathered.question = Question(cuda=toolkit[0], request=request or ())
    gathered.examined += 1
    origins = [*reading.origins, Origin(path="plan.cuda_version", source=toolkit[1])]
    gathered.add(plan=reading.plan, origins=origins, not_seen=reading.not_seen)
    if request is None:
        gathered.miss(
            "plan.request",
            "no architectures are asked for: state them with --arch-list '9.0 12.0', or a GPU with --gpu",
        )
    else:
        gathered.add(origins=[Origin(path="plan.request", source=source)])


def read_again(
    gathered: Gathered, tree: Path, question: Question, changed: Mapping[str, str] | None = None
) -> PlanReading:
    """The plan of the tree that was examined, for another question or with other texts.

    Args:
        gathered: what was examined.
        tree: the source tree.
        question: the build that is asked about now.
        changed: texts that take the place of scripts.
    """
    if gathered.setup is None:
        return read_plan(tree, question, changed)
    asked = replace(gathered.setup, cuda=question.cuda)
    if gathered.question is not None and question.request != gathered.question.request:
        asked = replace(asked, arch_list=" ".join(question.request))
    reading = _read(tree, asked, question.request or None, changed, run=gathered.runs_setup)
    return PlanReading(plan=reading.plan, origins=reading.origins, not_seen=reading.not_seen)


def why_not_followed(tree: Path) -> str:
    """What is to be said of a tree with a pyproject.toml and neither a CMakeLists.txt nor a setup.py."""
    backend = "its build backend"
    try:
        with (tree / "pyproject.toml").open("rb") as stream:
            table = tomllib.loads(stream.read(_LARGEST_PROJECT_FILE).decode())
        backend = f"the build backend {table['build-system']['build-backend']}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return f"it has neither a CMakeLists.txt nor a setup.py; what {backend} builds is not followed"


def _read(
    tree: Path,
    question: SetupQuestion,
    request: tuple[str, ...] | None,
    changed: Mapping[str, str] | None = None,
    *,
    run: bool,
) -> SetupReading:
    # A changed text is read, not run: the change is not on the disk.
    return (
        record_setup_plan(tree, question, request)
        if run and not changed
        else read_setup_plan(tree, question, request, changed)
    )


def _asked(gathered: Gathered, options: Options) -> tuple[str | None, tuple[str, ...] | None, str]:
    """The text of TORCH_CUDA_ARCH_LIST if it is set, what the build is asked for, and who says so."""
    environment = gathered.evidence.environment
    variable = environment.TORCH_CUDA_ARCH_LIST if environment else None
    # The option also takes commas, the variable does not.
    stated = (options.arch_list or "").replace(",", " ")
    for text, source in ((stated, "--arch-list"), (variable, "TORCH_CUDA_ARCH_LIST")):
        if not text:
            continue
        try:
            return text, split_request(text), source
        except ArchitectureError:
            # torch knows names such as Ampere; the list goes to its helper as it is.
            return text, None, source
    seen = gathered.evidence.capabilities
    return None, seen, "the capabilities to diagnose for, as no list is given: torch takes the GPUs that it sees"


def _question(
    gathered: Gathered, options: Options, cuda: str, arch_list: str | None, helper: ExtensionHelper | None
) -> SetupQuestion:
    torch = gathered.evidence.torch
    return SetupQuestion(
        cuda=cuda,
        arch_list=arch_list,
        capabilities=gathered.evidence.capabilities,
        torch=torch.version if torch else None,
        torch_cuda=torch.cuda if torch else None,
        torch_architectures=torch.architectures if torch else None,
        helper=helper,
        variables=options.variables(),
    )


def _helper(gathered: Gathered) -> ExtensionHelper | None:
    """What the helper of the examined torch accepts."""
    torch = gathered.evidence.torch
    if torch is None or torch.path is None:
        return None
    helper, missing, origin = read_extension_helper(Path(torch.path))
    if helper is None or origin is None:
        gathered.add(not_seen=[missing] if missing else [])
        return None
    gathered.add(torch=replace(torch, extension_architectures=helper.architectures), origins=[origin])
    return helper
