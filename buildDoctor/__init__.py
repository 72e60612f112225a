"""A doctor for compiled CUDA extensions: where the kernel was lost, and which change brings it back.

From Python, see `docs/api.md`:

    import buildDoctor
    report = buildDoctor.examine("dist/pkg-1.0-cp312-cp312-linux_x86_64.whl", gpu="12.0")
    for finding in report.findings:
        print(finding.severity, finding.title)

This package imports nothing by itself, so that `build-doctor --version` stays as quick as Python.
"""

# `typing` has the same constant, and costs a tenth of a start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from buildDoctor.core.errors import RequestError
    from buildDoctor.core.evidence import Evidence
    from buildDoctor.core.findings import Confidence, Finding, Fix, Outcome, Severity, Trial
    from buildDoctor.core.report import Report
    from buildDoctor.examine.api import examine
    from buildDoctor.faces.reports.saved_reports import read_report

__version__ = "0.1.0"
__all__ = [
    "Confidence",
    "Evidence",
    "Finding",
    "Fix",
    "Outcome",
    "Report",
    "RequestError",
    "Severity",
    "Trial",
    "__version__",
    "examine",
    "read_report",
]
_PLACES = {
    "Evidence": "core.evidence",
    "Report": "core.report",
    "RequestError": "core.errors",
    "read_report": "faces.reports.saved_reports",
}


def __dir__() -> list[str]:
    """The names of the API, for whoever looks for them in an interpreter."""
    return sorted(__all__)


def __getattr__(name: str) -> object:
    """A name of the API, imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  the version needs nothing

    if name == "examine":
        return import_module("buildDoctor.examine")
    found: object = getattr(import_module(f"buildDoctor.{_PLACES.get(name, 'core.findings')}"), name)
    return found
