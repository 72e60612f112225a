"""Which GPUs a program sees, and under which numbers: CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER.

The numbers of nvidia-smi follow the bus. Those of CUDA follow it with CUDA_DEVICE_ORDER=PCI_BUS_ID alone; without it the
fastest GPU comes first and the order of the rest is not promised (CUDA programming guide, "CUDA environment variables").
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from buildDoctor.core.evidence import Gpu

HIDES_ALL = "-1"
"""What the evidence holds for a CUDA_VISIBLE_DEVICES that is set to nothing: both hide every GPU."""
BY_BUS = "PCI_BUS_ID"


def as_programs_see(gpus: Sequence[Gpu], order: str, visible: str) -> tuple[Gpu, ...]:
    """The GPUs, each with whether a program sees it and with its number there, as far as both are decided.

    Args:
        gpus: in the order of the bus.
        order: CUDA_DEVICE_ORDER; empty when it is not set.
        visible: CUDA_VISIBLE_DEVICES; empty when it is not set.
    """
    certain = order == BY_BUS or len({gpu.name for gpu in gpus}) < 2
    if not visible:
        return tuple(replace(gpu, visible=True, cuda_index=at if certain else None) for at, gpu in enumerate(gpus))
    named = _named(gpus, visible, certain=certain)
    if named is None:
        return tuple(gpus)
    places = {at: number for number, at in enumerate(named)}
    return tuple(replace(gpu, visible=at in places, cuda_index=places.get(at)) for at, gpu in enumerate(gpus))


def _named(gpus: Sequence[Gpu], visible: str, *, certain: bool) -> list[int] | None:
    """The places of the GPUs that the variable names, up to its first entry that names none; none when not decided."""
    found: list[int] = []
    for entry in (part.strip() for part in visible.split(",")):
        if entry.isascii() and entry.isdigit():
            if not certain and len(gpus) > 1:
                return None
            at = int(entry) if int(entry) < len(gpus) else None
        else:
            at = _by_identifier(gpus, entry)
        # The driver stops reading at the first entry that is wrong, and takes none at all when one comes twice.
        if at is None:
            break
        if at in found:
            return []
        found.append(at)
    return found


def _by_identifier(gpus: Sequence[Gpu], entry: str) -> int | None:
    """The one GPU whose identifier begins so, or that has an instance with this identifier."""
    if entry.startswith("MIG-"):
        fitting = [at for at, gpu in enumerate(gpus) if any(entry in one.split() for one in gpu.instances or ())]
    else:
        fitting = [at for at, gpu in enumerate(gpus) if entry.startswith("GPU-") and (gpu.uuid or "").startswith(entry)]
    return fitting[0] if len(fitting) == 1 else None
