"""Looks at what a source tree's build scripts decide."""

from __future__ import annotations

from buildDoctor.adapters import targets
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.setup_script.plan import is_setup_build
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.architectures import ArchitectureError, parse
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Origin
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.setup_builds import see_setup_plan, why_not_followed


def tree_of(options: Options, found: tuple[Target, ...]) -> Target | None:
    """The source tree: of `--source`, else the first target that is one.

    Raises:
        RequestError: `--source` holds no build scripts.
    """
    if options.source is None:
        return next((target for target in found if target.kind is Kind.TREE), None)
    tree = targets.classify(options.source, ())
    if tree.kind is not Kind.TREE:
        raise RequestError(f"--source {options.source}: there is no CMakeLists.txt or setup.py in it")
    return tree


def see_plan(gathered: Gathered, tree: Target, options: Options, progress: Progress) -> None:
    """The build plan of a tree, by CMake or by setup.py."""
    if is_setup_build(tree.path):
        progress(f"{'running' if options.run_setup else 'reading'} the setup.py of {tree.given}")
        see_setup_plan(gathered, tree, options, _toolkit(gathered, options.toolkit()))
    elif (tree.path / "CMakeLists.txt").is_file():
        progress(f"replaying the build scripts of {tree.given}")
        _plan(gathered, tree, options.request(), options.toolkit())
    else:
        gathered.fail("plan", f"{tree.given}: {why_not_followed(tree.path)}")


def _plan(gathered: Gathered, tree: Target, request: tuple[str, ...] | None, cuda: str | None) -> None:
    """The build plan of a tree, when it is known what is asked of the build."""
    asked = _request(gathered, request)
    toolkit = _toolkit(gathered, cuda)
    if asked is None or toolkit is None:
        lacks = "--arch-list '9.0 12.0' or --gpu 12.0" if asked is None else "--cuda 12.9"
        gathered.miss("plan", f"it is not known what the build of {tree.given} is asked for: state it with {lacks}")
        return
    torch = gathered.evidence.torch
    question = Question(cuda=toolkit[0], request=asked[0], torch=(torch.version if torch else None) or "")
    reading = read_plan(tree.path, question)
    if reading.plan is None:
        for missing in reading.not_seen:
            gathered.fail(missing.path, f"{tree.given}: {missing.reason}")
        return
    gathered.tree, gathered.question, gathered.complaints = tree.path, question, reading.complaints
    gathered.examined += 1
    asked_from = [Origin(path="plan.request", source=asked[1]), Origin(path="plan.cuda_version", source=toolkit[1])]
    gathered.add(plan=reading.plan, origins=[*reading.origins, *asked_from], not_seen=reading.not_seen)


def _request(gathered: Gathered, stated: tuple[str, ...] | None) -> tuple[tuple[str, ...], str] | None:
    """What the build is asked for, and who says so: option, variable, capabilities, torch's own list."""
    if stated is not None:
        return stated, "--arch-list"
    evidence = gathered.evidence
    variable = evidence.environment.TORCH_CUDA_ARCH_LIST if evidence.environment else None
    if variable:
        try:
            return split_request(variable), "TORCH_CUDA_ARCH_LIST"
        except ArchitectureError as error:
            gathered.miss("plan.request", f"TORCH_CUDA_ARCH_LIST is {variable!r}: {error}")
            return None
    if evidence.capabilities:
        return evidence.capabilities, "the capabilities to diagnose for, as no list is given"
    if evidence.torch and evidence.torch.architectures:
        return _request_of_torch(evidence.torch.architectures), "torch's own list, as nothing else is given"
    return None


def _request_of_torch(architectures: tuple[str, ...]) -> tuple[str, ...]:
    """Torch's list as a request: `compute_120` beside `sm_120` is `12.0+PTX`."""
    parsed = [parse(architecture) for architecture in architectures]
    with_ptx = {a.dotted for a in parsed if a.ptx}
    dotted = [a.dotted for a in parsed if not a.ptx]
    return tuple(f"{a}+PTX" if f"{a}+PTX" in with_ptx else a for a in dotted)


def _toolkit(gathered: Gathered, stated: str | None) -> tuple[str, str] | None:
    """The toolkit's version, and who says so: option, the toolkit of the machine, torch's CUDA."""
    if stated is not None:
        return stated, "--cuda"
    evidence = gathered.evidence
    chosen = next((t for t in evidence.toolkits or () if t.chosen and t.version), None)
    if chosen is not None and chosen.version:
        return chosen.version, f"the toolkit in {chosen.path}"
    if evidence.torch and evidence.torch.cuda:
        return evidence.torch.cuda, "torch's CUDA, as no toolkit was found"
    return None
