"""The GPUs of the machine through NVML, the driver's own library for questions.

The library is loaded by the package nvidia-ml-py alone (the extra `gpu`), from where the driver put it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from buildDoctor.adapters.gpus.sight import MOST_GPUS, Sight, saw_nothing
from buildDoctor.core.evidence import Gpu, Origin

_SECONDS = 5.0
SOURCE = "NVML"


def ask_nvml() -> Sight:
    """The GPUs and the driver's version, or why they were not seen; a driver that does not answer is left alone."""
    try:
        import pynvml  # noqa: PLC0415  an extra; the module of the package nvidia-ml-py has this name
    except ImportError:
        return saw_nothing("the package nvidia-ml-py is not installed")
    answers: list[Sight] = []
    # A GPU that hangs would hang this process: nothing ends a call into the driver from outside.
    asking = threading.Thread(target=lambda: answers.append(_ask(pynvml)), daemon=True)
    asking.start()
    asking.join(_SECONDS)
    return answers[0] if answers else saw_nothing(f"the driver did not answer NVML within {_SECONDS:g} s")


def _ask(nvml: Any) -> Sight:  # noqa: ANN401  the package has no types
    try:
        nvml.nvmlInit()
        try:
            gpus = tuple(_gpu(nvml, at) for at in range(min(nvml.nvmlDeviceGetCount(), MOST_GPUS)))
            version = _text(nvml.nvmlSystemGetDriverVersion())
        finally:
            nvml.nvmlShutdown()
    except nvml.NVMLError as error:
        return saw_nothing(f"NVML says: {error}")
    origin = Origin(path="gpus", source=SOURCE)
    return Sight(gpus=gpus, driver_version=version, driver_source=SOURCE, origins=(origin,))


def _gpu(nvml: Any, at: int) -> Gpu:  # noqa: ANN401  as above
    handle = nvml.nvmlDeviceGetHandleByIndex(at)
    major, minor = nvml.nvmlDeviceGetCudaComputeCapability(handle)
    memory = mig = instances = None
    # A GPU that shares the machine's memory states none; one that cannot be split has no mode.
    with contextlib.suppress(nvml.NVMLError):
        memory = int(nvml.nvmlDeviceGetMemoryInfo(handle).total)
    try:
        mig = nvml.nvmlDeviceGetMigMode(handle)[0] == nvml.NVML_DEVICE_MIG_ENABLE
        instances = _instances(nvml, handle) if mig else ()
    except nvml.NVMLError:
        mig, instances = False, ()
    return Gpu(
        index=at,
        name=_text(nvml.nvmlDeviceGetName(handle)),
        capability=f"{major}.{minor}",
        uuid=_text(nvml.nvmlDeviceGetUUID(handle)),
        memory_bytes=memory,
        pci_bus=_text(nvml.nvmlDeviceGetPciInfo(handle).busId),
        mig=mig,
        instances=instances,
    )


def _instances(nvml: Any, handle: Any) -> tuple[str, ...]:  # noqa: ANN401  as above
    """The instances of a GPU that is split."""
    found = []
    for at in range(nvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        # A place without an instance is an error of its own.
        with contextlib.suppress(nvml.NVMLError):
            instance = nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, at)
            name = _text(nvml.nvmlDeviceGetName(instance)).rpartition("MIG ")[2]
            found.append(f"{name} {_text(nvml.nvmlDeviceGetUUID(instance))}")
    return tuple(found)


def _text(value: str | bytes) -> str:
    """Some versions of the package give bytes."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
