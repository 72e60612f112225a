"""Looks at what a source tree's build scripts decide."""

from __future__ import annotations

from itertools import chain

from buildDoctor.adapters import targets
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.setup_script.plan import is_setup_build
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Origin
from buildDoctor.examine.built_binaries import see_built_binaries
from buildDoctor.examine.built_trees import Built, read_built, see_built, tree_of_build_folder
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.plan_questions import cuda_question, hip_question
from buildDoctor.examine.setup_builds import see_setup_plan, why_not_followed


def tree_of(options: Options, found: tuple[Target, ...]) -> Target | None:
    """The source tree: of `--source`, else the first target that is one, or that was configured from one.

    Raises:
        RequestError: `--source` holds no build scripts.
    """
    if options.source is None:
        trees = (target for target in found if target.kind is Kind.TREE)
        built = (tree_of_build_folder(target.path) for target in found if target.kind is Kind.FOLDER)
        return next(chain(trees, filter(None, built)), None)
    tree = targets.classify(options.source, ())
    if tree.kind is Kind.FOLDER:
        built_from = tree_of_build_folder(tree.path)
        if built_from is not None:
            return built_from
    if tree.kind is not Kind.TREE:
        # Where no folder was typed, the dot in its place says nothing.
        named = "this folder" if (options.source_option, options.source) == ("", ".") else options.source
        raise RequestError(f"{options.source_option}{named}: there is no CMakeLists.txt or setup.py in it")
    return tree


def see_plan(gathered: Gathered, tree: Target, options: Options, progress: Progress) -> None:
    """The build plan of a tree, by CMake or by setup.py, and the folders in which it was built."""
    if options.run_setup and not options.replays:
        raise RequestError("--static starts no program and --run-setup starts one: give one of them")
    built = read_built(tree.path, options)
    if tree.kind is Kind.FOLDER:
        progress(f"reading the build folder {tree.given}")
        gathered.examined += 1
        gathered.miss("plan", f"the source tree of {tree.given} is not at hand: only its own files are read")
    elif is_setup_build(tree.path):
        progress(f"{'running' if options.run_setup else 'reading'} the setup.py of {tree.given}")
        see_setup_plan(gathered, tree, options, _toolkit(gathered, options.toolkit(), built))
    elif (tree.path / "CMakeLists.txt").is_file() and not options.replays:
        import shlex  # noqa: PLC0415  only a name that is told is quoted

        gathered.miss(
            "plan",
            f"--static starts no program, and a replay is one; build-doctor plan {shlex.quote(tree.given)} starts it",
        )
    elif (tree.path / "CMakeLists.txt").is_file():
        progress(f"replaying the build scripts of {tree.given}")
        _plan(gathered, tree, options, built)
    else:
        gathered.fail("plan", f"{tree.given}: {why_not_followed(tree.path)}")
    if gathered.evidence.plan is not None or built.folders:
        see_built(gathered, built)
    see_built_binaries(gathered)


def _plan(gathered: Gathered, tree: Target, options: Options, built: Built) -> None:
    """The build plan of a tree, when it is known what is asked of the build."""
    if (question := hip_question(gathered, options)) is not None:
        _replayed(gathered, tree, question, [])
        return
    asked = _request(gathered, options.request(), built)
    toolkit = _toolkit(gathered, options.toolkit(), built)
    if asked is None or toolkit is None:
        lacks = "--arch-list '9.0 12.0' or --gpu 12.0" if asked is None else "--cuda 12.9"
        gathered.miss("plan", f"it is not known what the build of {tree.given} is asked for: state it with {lacks}")
        return
    stated = [Origin(path="plan.request", source=asked[1]), Origin(path="plan.cuda_version", source=toolkit[1])]
    _replayed(gathered, tree, cuda_question(gathered, options, toolkit[0], asked[0]), stated)


def _replayed(gathered: Gathered, tree: Target, question: Question, stated: list[Origin]) -> None:
    """Put what the scripts decide into the evidence, and who says what they were asked."""
    reading = read_plan(tree.path, question)
    if reading.plan is None:
        for missing in reading.not_seen:
            gathered.fail(missing.path, f"{tree.given}: {missing.reason}")
        return
    gathered.tree, gathered.question, gathered.complaints = tree.path, question, reading.complaints
    gathered.examined += 1
    gathered.add(plan=reading.plan, origins=[*reading.origins, *stated], not_seen=reading.not_seen)


def _request(gathered: Gathered, stated: tuple[str, ...] | None, built: Built) -> tuple[tuple[str, ...], str] | None:
    """What the build is asked for, and who says so: option, variable, build folder, capabilities, torch's own list."""
    if stated is not None:
        return stated, "--arch-list"
    evidence = gathered.evidence
    variable = evidence.environment.TORCH_CUDA_ARCH_LIST if evidence.environment else None
    if variable:
        return _of_variable(gathered, variable)
    if (of_folder := built.request()) is not None:
        return of_folder
    if evidence.capabilities:
        return evidence.capabilities, "the capabilities to diagnose for, as no list is given"
    if evidence.torch and evidence.torch.architectures:
        return _request_of_torch(evidence.torch.architectures), "torch's own list, as nothing else is given"
    return None


def _of_variable(gathered: Gathered, variable: str) -> tuple[tuple[str, ...], str] | None:
    """The request of TORCH_CUDA_ARCH_LIST."""
    try:
        return split_request(variable), "TORCH_CUDA_ARCH_LIST"
    except ArchitectureError as error:
        gathered.miss("plan.request", f"TORCH_CUDA_ARCH_LIST is {variable!r}: {error}")
        return None


def _request_of_torch(architectures: tuple[str, ...]) -> tuple[str, ...]:
    """Torch's list as a request: `compute_120` beside `sm_120` is `12.0+PTX`."""
    parsed = [parse(architecture) for architecture in architectures]
    with_ptx = {a.dotted for a in parsed if a.ptx}
    dotted = [a.dotted for a in parsed if not a.ptx]
    return tuple(f"{a}+PTX" if f"{a}+PTX" in with_ptx else a for a in dotted)


def _toolkit(gathered: Gathered, stated: str | None, built: Built) -> tuple[str, str] | None:
    """The toolkit's version, and who says so: option, the toolkit of the machine, a build folder, torch's CUDA."""
    if stated is not None:
        return stated, "--cuda"
    evidence = gathered.evidence
    chosen = next((t for t in evidence.toolkits or () if t.chosen and t.version), None)
    if chosen is not None and chosen.version:
        return chosen.version, f"the toolkit in {chosen.path}"
    if (of_folder := built.toolkit()) is not None:
        return of_folder
    if evidence.torch and evidence.torch.cuda:
        return evidence.torch.cuda, "torch's CUDA, as no toolkit was found"
    return None
