"""The GPUs of the machine and their driver: through NVML, else nvidia-smi, else the driver's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.gpus.files import gpus_of_files, module_version
from buildDoctor.adapters.gpus.libcuda import find_libcuda
from buildDoctor.adapters.gpus.sight import Sight
from buildDoctor.core.device.drivers import cuda_of_driver
from buildDoctor.core.device.visible_gpus import as_programs_see
from buildDoctor.core.evidence import Driver, Machine, NotSeen, Origin


def read_gpus(variables: Mapping[str, str], machine: Machine, *, root: Path = Path("/"), ask: bool = True) -> Sight:
    """The GPUs and the driver, what was not seen of them, and where both come from. Never raises for their state.

    Args:
        variables: the environment variables that programs would be started with.
        machine: what kind of machine it is.
        root: the root of the machine's files.
        ask: whether NVML is loaded and nvidia-smi started; without it, and for another root, only files are read.
    """
    sight = _asked(root) if ask and root == Path("/") else None
    seen = gpus_of_files(root) if sight is None or sight.gpus is None else sight
    if sight is not None and sight.gpus is None and seen.gpus is None:
        seen = replace(seen, not_seen=sight.not_seen)
    if seen.gpus is None and machine.nvidia_devices == 0 and not machine.device_files and machine.platform == "linux":
        seen = Sight(gpus=(), origins=(Origin(path="gpus", source="the PCI bus, which has no graphics of NVIDIA"),))
    if seen.gpus is not None:
        hidden = variables.get("CUDA_VISIBLE_DEVICES")
        order = variables.get("CUDA_DEVICE_ORDER", "")
        seen = replace(seen, gpus=as_programs_see(seen.gpus, order, "-1" if hidden == "" else hidden or ""))
    return _with_driver(seen, variables, root)


def _asked(root: Path) -> Sight:
    """What NVML says; where it says nothing, nvidia-smi."""
    # Only a look at the machine itself pays for them.
    from buildDoctor.adapters.gpus.nvml import ask_nvml  # noqa: PLC0415
    from buildDoctor.adapters.gpus.smi import ask_smi  # noqa: PLC0415

    sight = ask_nvml()
    return sight if sight.gpus is not None else ask_smi(root)


def _with_driver(seen: Sight, variables: Mapping[str, str], root: Path) -> Sight:
    """The same with the driver's version, where only its files have it, and with the libcuda of programs."""
    version, source = seen.driver_version, seen.driver_source
    if version is None:
        version, source = module_version(root)
    library = find_libcuda(variables, root)
    if version is None and not library.path:
        missing = NotSeen(path="driver", reason="no NVIDIA driver was found; rules about it are not answered")
        return replace(seen, not_seen=(*seen.not_seen, missing))
    driver = Driver(
        version=version,
        cuda=cuda_of_driver(version) if version else None,
        libcuda=library.path,
        libcuda_version=library.version,
        libcuda_kind=library.kind if library.path else None,
        libcuda_cuda=cuda_of_driver(library.version) if library.version else None,
    )
    origins = [Origin(path="driver", source=source or library.found_by)]
    origins += [Origin(path=f"driver.{name}", source=library.found_by) for name in ("libcuda", "libcuda_version", "libcuda_kind", "libcuda_cuda")]  # fmt: skip
    return replace(seen, driver=driver, origins=(*seen.origins, *origins))
