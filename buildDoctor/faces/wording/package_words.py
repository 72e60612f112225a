"""What each package of an environment is to each GPU, in words."""

from __future__ import annotations

from collections.abc import Iterator

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.package_code import Service, service
from buildDoctor.core.evidence import Evidence, Package, PackageCode
from buildDoctor.faces.wording.plain import counted, visible

NO_CODE = "no code"
_WORDS = {Verdict.NATIVE: "native", Verdict.FAMILY: "family", Verdict.JIT: "through PTX", Verdict.NOT_PROMISED: "not promised", Verdict.NONE: NO_CODE}  # fmt: skip


def package_table(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """The heads and a row for each package with device code: its name, and what it is to each capability.

    Nothing when no package has device code, or when it is not known what to diagnose for.
    """
    capabilities = evidence.capabilities or ()
    packages = [package for package in evidence.packages or () if package.code]
    if not capabilities or not packages:
        return ()
    heads = ("package", *(f"GPU {capability}" for capability in capabilities))
    rows = [
        (package_name(package), *(cell(service(package, capability)) for capability in capabilities))
        for package in packages
    ]
    return (heads, *rows)


def package_name(package: Package) -> str:
    """A package with its version."""
    return visible(f"{package.name} {package.version}".strip())


def cell(found: Service | None) -> str:
    """What a package has for a GPU, the best first: how many of its units have that, and how many more have less."""
    if found is None or found.served == 0:
        return NO_CODE
    (verdict, number), *others = found.by_verdict
    more = "".join(f"; {count:,} more {_WORDS[other]}" for other, count in others)
    return f"{_WORDS[verdict]}, {number:,} of {found.units:,} units{more}"


def short_cell(found: Service | None) -> str:
    """The same where there is less room, with the best alone: `native 12/13`."""
    if found is None or found.served == 0:
        return NO_CODE
    verdict, number = found.by_verdict[0]
    return f"{_WORDS[verdict]} {number}/{found.units}"


def package_facts(package: Package) -> Iterator[str]:
    """How much device code a package has, and what it says that it was built with."""
    units = sum(kind.units or 0 for kind in package.code or ())
    files = f" in {counted(package.files, 'shared object')}" if package.files else ""
    yield f"{units:,} unit{'s' if units != 1 else ''} with device code{files}"
    built = [("torch", package.built_for_torch), ("CUDA", package.built_for_cuda)]
    if said := " and ".join(f"{name} {visible(version)}" for name, version in built if version):
        yield f"built with {said}, as it says"


def code_words(code: PackageCode) -> str:
    """What some units of a package hold: `machine code for 8.0 9.0a; PTX for 12.0`."""
    kinds = [("machine code", code.cubins), ("PTX", code.ptx)]
    return "; ".join(f"{name} for {visible(' '.join(found))}" for name, found in kinds if found) or "nothing"
