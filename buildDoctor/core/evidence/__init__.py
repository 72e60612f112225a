"""What was seen, as one immutable tree.

Attribute names are the language of rules and of the JSON report. A field that is `None` was not seen; an empty
tuple was looked at and holds nothing. Why a thing was not seen stands in `Evidence.not_seen`, and where a value
comes from in `Evidence.origins`: both are looked up by path, so that `plan.supported` answers for
`plan.supported.architectures` too.

Architectures are text in the dotted form (`12.0`, `12.0a`, `12.0f`, `9.0+PTX`); capabilities never have a suffix.
"""

from __future__ import annotations

from buildDoctor.core.evidence.binary import Binary
from buildDoctor.core.evidence.built import ArchitectureCount, BuiltExtension
from buildDoctor.core.evidence.configured import CompiledSource, Configured, SourceDifference
from buildDoctor.core.evidence.device_code import DeviceSection, Image, Kernel, KernelImage, Unit
from buildDoctor.core.evidence.host import (
    CudaLibrary,
    EntryPoint,
    Expected,
    Host,
    Loader,
    MixedLibrary,
    ResolvedLibrary,
)
from buildDoctor.core.evidence.live import Live, LiveDevice, LiveLibrary
from buildDoctor.core.evidence.log import Log, LogLine
from buildDoctor.core.evidence.machine import (
    Driver,
    Environment,
    Gpu,
    HostCompiler,
    Machine,
    Python,
    System,
    Toolkit,
)
from buildDoctor.core.evidence.model import Model, ModelFormat, ModelRequirement, ModelWay
from buildDoctor.core.evidence.packages import Cache, CutlassCopy, Package, PackageCode, Torch, Triton, Wheel
from buildDoctor.core.evidence.plan import Extension, Feature, Plan, PlannedSource, Step, SupportedList
from buildDoctor.core.evidence.tree import ONLY_WHEN_ASKED, Evidence, NotSeen, Origin

__all__ = [
    "ONLY_WHEN_ASKED",
    "ArchitectureCount",
    "Binary",
    "BuiltExtension",
    "Cache",
    "CompiledSource",
    "Configured",
    "CudaLibrary",
    "CutlassCopy",
    "DeviceSection",
    "Driver",
    "EntryPoint",
    "Environment",
    "Evidence",
    "Expected",
    "Extension",
    "Feature",
    "Gpu",
    "Host",
    "HostCompiler",
    "Image",
    "Kernel",
    "KernelImage",
    "Live",
    "LiveDevice",
    "LiveLibrary",
    "Loader",
    "Log",
    "LogLine",
    "Machine",
    "MixedLibrary",
    "Model",
    "ModelFormat",
    "ModelRequirement",
    "ModelWay",
    "NotSeen",
    "Origin",
    "Package",
    "PackageCode",
    "Plan",
    "PlannedSource",
    "Python",
    "ResolvedLibrary",
    "SourceDifference",
    "Step",
    "SupportedList",
    "System",
    "Toolkit",
    "Torch",
    "Triton",
    "Unit",
    "Wheel",
]
