"""What each package of an environment is to each GPU, as a table of words."""

from __future__ import annotations

from buildDoctor.core.architectures import Verdict
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.package_code import Service, service
from buildDoctor.faces.wording.plain import visible

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
        (visible(f"{package.name} {package.version}".strip()), *(cell(service(package, one)) for one in capabilities))
        for package in packages
    ]
    return (heads, *rows)


def cell(found: Service | None) -> str:
    """The best that a package has for a GPU, and how many of its units have anything."""
    if found is None or found.served == 0:
        return NO_CODE
    return f"{_WORDS[found.verdict]}, {found.served:,} of {found.units:,} units"
