"""What was seen, as one immutable tree.

Attribute names are the language of rules and of the JSON report. A field that is `None` was not seen; an empty
tuple was looked at and holds nothing. Why a thing was not seen stands in `Evidence.not_seen`, and where a value
comes from in `Evidence.origins`: both are looked up by path, so that `plan.supported` answers for
`plan.supported.architectures` too.

Architectures are text in the dotted form (`12.0`, `12.0a`, `12.0f`, `9.0+PTX`); capabilities never have a suffix.
"""

from __future__ import annotations

from buildDoctor.core.evidence.binary import Binary
from buildDoctor.core.evidence.device_code import DeviceSection, Image, Kernel, KernelImage, Unit
from buildDoctor.core.evidence.host import CudaLibrary, EntryPoint, Expected, Host
from buildDoctor.core.evidence.machine import Driver, Environment, Gpu, Python, System, Toolkit
from buildDoctor.core.evidence.packages import Torch, Wheel
from buildDoctor.core.evidence.plan import Extension, Feature, Plan, PlannedSource, Step, SupportedList
from buildDoctor.core.evidence.tree import Evidence, NotSeen, Origin

__all__ = [
    "Binary",
    "CudaLibrary",
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
    "Image",
    "Kernel",
    "KernelImage",
    "NotSeen",
    "Origin",
    "Plan",
    "PlannedSource",
    "Python",
    "Step",
    "SupportedList",
    "System",
    "Toolkit",
    "Torch",
    "Unit",
    "Wheel",
]
