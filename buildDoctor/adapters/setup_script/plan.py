"""The build plan of a tree that builds its extensions in setup.py, as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.cutlass_headers import copies_of_tree
from buildDoctor.adapters.setup_script.files import TreeFiles
from buildDoctor.adapters.setup_script.interpreter import SCRIPT
from buildDoctor.adapters.setup_script.question import SetupQuestion
from buildDoctor.adapters.setup_script.reader import Followed, follow
from buildDoctor.adapters.setup_script.runner import SECONDS, run_setup
from buildDoctor.core.evidence import NotSeen, Origin, Plan, Step
from buildDoctor.core.plan.setup_plan import Found, plan_from_ways
from buildDoctor.core.plan.setup_ways import Machine

_NAMES_AN_EXTENSION = "CUDAExtension"


class SetupReading(Struct, frozen=True, kw_only=True):
    """A plan, or why there is none."""

    plan: Plan | None
    origins: tuple[Origin, ...] = ()
    not_seen: tuple[NotSeen, ...] = ()


def is_setup_build(tree: Path) -> bool:
    """Whether the CUDA extensions of a tree are built in setup.py: it has one, and no CMake does that work."""
    files = TreeFiles(tree)
    text = files.text(SCRIPT)
    if text is None:
        return False
    # A setup.py beside a CMakeLists.txt may only start CMake; torch's own helper in it says that it does not.
    return not files.is_file("CMakeLists.txt") or _NAMES_AN_EXTENSION in text


def read_setup_plan(
    tree: Path,
    question: SetupQuestion,
    request: tuple[str, ...] | None,
    changed: Mapping[str, str] | None = None,
) -> SetupReading:
    """What the setup.py of a tree decides, read without running it.

    Args:
        tree: the folder that holds it.
        question: the build that is asked about.
        request: the architectures that the build is asked for, if that is known.
        changed: texts that take the place of files, by path relative to the tree.
    """
    followed = follow(tree, question, changed)
    if followed.refusal:
        return _nothing(followed.refusal)
    return _reading(
        plan_from_ways(followed.ways, followed.texts, _machine(question), source=str(tree.resolve()), request=request),
        tree,
    )


def record_setup_plan(tree: Path, question: SetupQuestion, request: tuple[str, ...] | None) -> SetupReading:
    """What the setup.py of a tree asks for when it is run in a confined child process that only records.

    Args:
        tree: the folder that holds it.
        question: the build that is asked about.
        request: the architectures that the build is asked for, if that is known.
    """
    recorded = run_setup(tree, question)
    if isinstance(recorded, Failed):
        return _nothing(recorded.reason)
    followed = follow(tree, question)
    way = replace(recorded.way, steps=_common_steps(followed), variables=_variables(followed))
    found = plan_from_ways([way], followed.texts, _machine(question), source=str(tree.resolve()), request=request)
    words = (
        f"{SCRIPT}, run as --run-setup asks, with stand-ins for torch, setuptools and subprocess that only record: at most "
        f"{SECONDS} s, without the user's environment; kept in by {', '.join(recorded.held)}; every program but nvcc is said to fail"
    )
    reading = _reading(found, tree)
    return replace(reading, origins=(Origin(path="plan", source=words), *reading.origins[1:]))


def _machine(question: SetupQuestion) -> Machine:
    return Machine(
        cuda=question.cuda,
        capabilities=question.capabilities,
        torch_architectures=question.torch_architectures,
        helper=question.helper,
    )


def _common_steps(followed: Followed) -> tuple[Step, ...]:
    """The changes to lists that the reading found; a run leaves no trace of them."""
    return followed.ways[0].steps if len(followed.ways) == 1 else ()


def _variables(followed: Followed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for way in followed.ways for name in way.variables))


def _reading(found: Found, tree: Path) -> SetupReading:
    if found.plan is None:
        return SetupReading(plan=None, origins=found.origins, not_seen=found.gaps)
    copies = copies_of_tree(tree)
    headers = (Origin(path=f"plan.cutlass[{number}]", source=copy.place or "") for number, copy in enumerate(copies))
    return SetupReading(
        plan=replace(found.plan, cutlass=copies), origins=(*found.origins, *headers), not_seen=found.gaps
    )


def _nothing(reason: str) -> SetupReading:
    return SetupReading(plan=None, not_seen=(NotSeen(path="plan", reason=reason),))
