"""Asks each instrument in turn, and writes down what it saw or why it saw nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from buildDoctor.adapters import targets
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.elf.binary import BinaryReading, read_binary
from buildDoctor.adapters.elf.linking import linked
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.adapters.environment import read_environment, site_packages
from buildDoctor.adapters.gpus import read_gpus
from buildDoctor.adapters.setup_script.plan import is_setup_build
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.adapters.toolkits import read_toolkits
from buildDoctor.adapters.torch_install import find_torch
from buildDoctor.core.architectures import ArchitectureError, parse
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Origin
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.progress import steps_of
from buildDoctor.examine.setup_builds import see_setup_plan, why_not_followed
from buildDoctor.examine.surroundings import folder_of, see_promises, see_surroundings, with_abi


def look(options: Options, found: tuple[Target, ...], progress: Progress) -> Gathered:
    """Everything that the instruments see of the targets and of the machine.

    Raises:
        RequestError: an option is wrong.
    """
    gathered = Gathered(progress=progress)
    capabilities = options.capabilities()
    progress("looking at the machine")
    _machine(gathered, options, capabilities)
    _torch(gathered, options, found, progress)
    for target in found:
        progress(f"reading {target.given}")
        _READERS[target.kind](gathered, target)
    tree = _tree(options, found)
    if tree is not None:
        _scripts(gathered, tree, options, progress)
    else:
        gathered.miss("plan", "no source tree with a CMakeLists.txt or setup.py was given; name one with --source DIR")
    if gathered.evidence.binaries is None:
        gathered.miss("binaries", "no shared object was found; name a .so, a wheel or a package to look inside")
    return gathered


def _machine(gathered: Gathered, options: Options, stated: tuple[str, ...] | None) -> None:
    """GPUs, driver, toolkits and variables."""
    gathered.add(environment=read_environment(), origins=[Origin(path="environment", source="this process")])
    _gpus(gathered, options)
    toolkits, missing = read_toolkits()
    gathered.add(
        toolkits=toolkits,
        origins=[Origin(path="toolkits", source="their version files")],
        not_seen=[missing] if missing else [],
    )
    seen = tuple(dict.fromkeys(gpu.capability for gpu in gathered.evidence.gpus or () if gpu.capability))
    if stated is not None:
        gathered.add(capabilities=stated, origins=[Origin(path="capabilities", source=f"--gpu {','.join(stated)}")])
    elif seen:
        gathered.add(capabilities=seen, origins=[Origin(path="capabilities", source="the GPUs of this machine")])
    else:
        gathered.miss("capabilities", "no GPU was seen; state what to diagnose for with --gpu 12.0")


def _gpus(gathered: Gathered, options: Options) -> None:
    if options.static:
        gathered.miss("gpus", "--static starts no other program, and nvidia-smi is one")
        return
    gpus, driver, missing = read_gpus()
    if missing is not None:
        gathered.miss(missing.path, missing.reason)
        return
    source = Origin(path="gpus", source="nvidia-smi")
    gathered.add(gpus=gpus, driver=driver, origins=[source, Origin(path="driver", source="nvidia-smi")])


def _torch(gathered: Gathered, options: Options, found: tuple[Target, ...], progress: Progress) -> None:
    """The torch of the first place that has one: the targets that are folders, then the environment."""
    progress("looking for torch")
    folders = [target.path for target in found if target.kind in {Kind.FOLDER, Kind.TREE}]
    places = [place for folder in folders for place in (folder, *folder.glob("lib/python3*/site-packages"))]
    # A package stands beside the torch that it is loaded with.
    places += [above for folder in folders for above in folder.resolve().parents if above.name == "site-packages"]
    if not options.targets or options.python is not None:
        places += site_packages(options.python)
    see_surroundings(gathered, places)
    for place in places:
        if (place / "torch" / "version.py").is_file():
            torch, not_seen, origins = find_torch(place)
            torch, more = with_abi(torch)
            gathered.add(torch=torch, not_seen=not_seen, origins=[*origins, *more])
            gathered.examined += torch is not None
            return
    gathered.miss("torch", "no torch was found; name its environment with --python EXE")


def _binary(gathered: Gathered, target: Target) -> None:
    reading = read_binary(target.path, target.given, kernels=True)
    for joined in linked([reading], folder_of(gathered.evidence.torch)):
        _take(gathered, joined, package="", named=True)


def _wheel(gathered: Gathered, target: Target) -> None:
    see_promises(gathered, target)
    for reading in linked(read_wheel(target.path, kernels=True), folder_of(gathered.evidence.torch)):
        member = reading.name.partition("!")[2]
        _take(gathered, reading, package=member.split("/")[0], named=not member)


def _folder(gathered: Gathered, target: Target) -> None:
    objects = list(targets.shared_objects(target.path))
    readings = linked(_read_each(gathered, objects), folder_of(gathered.evidence.torch))
    for path, reading in zip(objects, readings, strict=True):
        _take(gathered, reading, package=targets.package_of(path, target.path), named=False)
    if len(objects) >= targets.MOST_OBJECTS:
        gathered.miss("binaries", f"only the first {targets.MOST_OBJECTS} shared objects of {target.given} were read")
    if not objects and target.kind is Kind.FOLDER and gathered.evidence.torch is None:
        gathered.fail(
            "binaries", f"{target.given}: the folder holds no shared object, no CMakeLists.txt and no setup.py"
        )


def _read_each(gathered: Gathered, objects: list[Path]) -> Iterator[BinaryReading]:
    """The files, each told before it is read."""
    for path, step in zip(objects, steps_of(objects), strict=True):
        gathered.progress(step)
        yield read_binary(path, kernels=True)


def _report(_gathered: Gathered, target: Target) -> None:
    raise RequestError(f"{target.given}: a saved report is examined alone, without other targets")


_READERS = {
    Kind.BINARY: _binary,
    Kind.WHEEL: _wheel,
    Kind.FOLDER: _folder,
    Kind.TREE: _folder,
    Kind.REPORT: _report,
}


def _take(gathered: Gathered, reading: BinaryReading, *, package: str, named: bool) -> None:
    """Put a reading into the evidence. A file that the user named and that cannot be read is a failure."""
    if reading.binary is not None:
        gathered.add_binary(replace(reading.binary, package=package), reading.origins, reading.not_seen)
        return
    reason = " ".join(missing.reason for missing in reading.not_seen)
    if named:
        gathered.fail("binaries", reason)
    else:
        gathered.miss("binaries", reason)


def _tree(options: Options, found: tuple[Target, ...]) -> Target | None:
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


def _scripts(gathered: Gathered, tree: Target, options: Options, progress: Progress) -> None:
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
