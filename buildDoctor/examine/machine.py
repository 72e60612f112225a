"""Looks at the machine and at the environment's torch."""

from __future__ import annotations

import os
from pathlib import Path

from buildDoctor.adapters.environment import Prefix, packages_of, prefix_of, read_environment, unreadable
from buildDoctor.adapters.gpus import read_gpus
from buildDoctor.adapters.host_compilers import read_host_compiler
from buildDoctor.adapters.machine_files import read_machine
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.adapters.toolkits import read_toolkits
from buildDoctor.adapters.torch_install import find_torch
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Origin
from buildDoctor.examine.environments import see_caches, see_live, see_packages
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.surroundings import NO_ENVIRONMENT, see_surroundings, with_abi


def see_machine(gathered: Gathered, options: Options, stated: tuple[str, ...] | None) -> None:
    """GPUs, driver, toolkits and variables.

    Raises:
        RequestError: two options contradict each other.
    """
    if options.static and options.ask_python:
        raise RequestError("--static starts no program and --ask-python starts one: give one of them")
    gathered.add(environment=read_environment(), origins=[Origin(path="environment", source="this process")])
    machine, origins = read_machine()
    gathered.add(machine=machine, origins=origins)
    sight = read_gpus(os.environ, machine, ask=not options.static)
    gathered.add(gpus=sight.gpus, driver=sight.driver, origins=sight.origins, not_seen=sight.not_seen)
    _toolkits(gathered, options)
    gpus = gathered.evidence.gpus or ()
    # What no program can see here is nothing to diagnose for, unless that is all of it.
    shown = [gpu for gpu in gpus if gpu.visible is not False] or gpus
    seen = tuple(dict.fromkeys(gpu.capability for gpu in shown if gpu.capability))
    if stated is not None:
        gathered.add(capabilities=stated, origins=[Origin(path="capabilities", source=f"--gpu {','.join(stated)}")])
    elif seen:
        gathered.add(capabilities=seen, origins=[Origin(path="capabilities", source="the GPUs of this machine")])
    else:
        gathered.miss("capabilities", "no GPU was seen; state what to diagnose for with --gpu 12.0")


def _toolkits(gathered: Gathered, options: Options) -> None:
    """The toolkits and the compiler that works for them."""
    packages = packages_of(prefix_of(options.python)) if examines_environment(options) else ()
    toolkits, not_seen, origins = read_toolkits(os.environ, packages, ask=not options.static)
    gathered.add(toolkits=toolkits, not_seen=not_seen, origins=origins)
    compiler, not_seen, origins = read_host_compiler(os.environ, ask=not options.static)
    gathered.add(host_compiler=compiler, not_seen=not_seen, origins=origins)


def examines_environment(options: Options) -> bool:
    """Whether the request is about an environment: it names one, or it names nothing at all."""
    return not options.targets or options.python is not None


def see_torch(gathered: Gathered, options: Options, found: tuple[Target, ...], progress: Progress) -> None:
    """The torch of the first place that has one: the targets that are folders, then the environment."""
    progress("looking for torch")
    folders = [target.path for target in found if target.kind in {Kind.FOLDER, Kind.TREE}]
    places = [place for folder in folders for place in (folder, *folder.glob("lib/python3*/site-packages"))]
    # A package stands beside the torch that it is loaded with.
    places += [above for folder in folders for above in folder.resolve().parents if above.name == "site-packages"]
    prefix: Prefix | None = None
    if examines_environment(options):
        prefix = prefix_of(options.python)
        places += packages_of(prefix)
    see_surroundings(gathered, places, prefix)
    _find_torch(gathered, places, unreadable(prefix) if prefix is not None else "")
    if options.ask_python and prefix is None:
        gathered.miss("live", NO_ENVIRONMENT)
    if prefix is not None:
        if closed := unreadable(prefix):
            for path in ("packages", "triton"):
                gathered.miss(path, closed)
        else:
            see_packages(gathered, packages_of(prefix), progress)
        see_caches(gathered)
        if options.ask_python:
            see_live(gathered, prefix, packages_of(prefix), progress)
    else:
        for path in ("packages", "triton", "caches"):
            gathered.miss(path, NO_ENVIRONMENT)


def _find_torch(gathered: Gathered, places: list[Path], closed: str) -> None:
    """The first torch of some places; `closed` says why the environment cannot be read."""
    for place in places:
        if os.path.isfile(place / "torch" / "version.py"):  # noqa: PTH113  Path.is_file raises for a closed folder
            torch, not_seen, origins = find_torch(place)
            torch, more = with_abi(torch)
            gathered.add(torch=torch, not_seen=not_seen, origins=[*origins, *more])
            gathered.examined += torch is not None
            return
    gathered.miss("torch", closed or "no torch was found; name its environment with --python EXE")
