"""Looks at the machine and at the environment's torch."""

from __future__ import annotations

from buildDoctor.adapters.environment import read_environment, site_packages
from buildDoctor.adapters.gpus import read_gpus
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.adapters.toolkits import read_toolkits
from buildDoctor.adapters.torch_install import find_torch
from buildDoctor.core.evidence import Origin
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.surroundings import see_surroundings, with_abi


def see_machine(gathered: Gathered, options: Options, stated: tuple[str, ...] | None) -> None:
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


def see_torch(gathered: Gathered, options: Options, found: tuple[Target, ...], progress: Progress) -> None:
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
