"""The plan of a setup.py as text: its extensions, what decides about their architectures, and what is not known."""

from __future__ import annotations

from buildDoctor.core.evidence import Evidence, Extension, Plan
from buildDoctor.core.fixes.trials import shown
from buildDoctor.faces.cli.tables import table

_DECIDES = {
    "script": "its own flags",
    "torch": "torch's build helper",
    "compiler": "nvcc's default",
    "nothing": "no CUDA source",
    None: "not known",
}


def text(evidence: Evidence, plan: Plan) -> str:
    """The plan in words.

    Args:
        evidence: all that was seen.
        plan: its plan.
    """
    where = {origin.path: origin.source for origin in evidence.origins}
    lines = [
        f"CUDA {plan.cuda_version}, asked for {shown(plan.request) if plan.request is not None else 'nothing that is known'}",
        where.get("plan", "setup.py"),
        f"variables about architectures that it asks for: {', '.join(plan.variables or ()) or 'none'}",
        f"architectures that it spells out: {shown(plan.spelt)}",
        "",
    ]
    rows = [
        (*_row(plan, extension), where.get(f"plan.extensions[{number}]", ""))
        for number, extension in enumerate(plan.extensions or ())
    ]
    gaps = [
        f"not known: {gap.reason}\n"
        for gap in evidence.not_seen
        if gap.path.startswith(("plan.extensions", "plan.sources"))
    ]
    return (
        "\n".join(lines)
        + "\n"
        + table(("extension", "sources", "CUDA sources", "decided by", "architectures", "where"), rows)
        + ("\n" + "".join(gaps) if gaps else "")
    )


def _row(plan: Plan, extension: Extension) -> tuple[str, str, str, str, str]:
    own = [source for source in plan.sources or () if source.extension == extension.name]
    kinds = list(dict.fromkeys(source.architectures for source in own))
    words = " or ".join("not known" if kind is None else shown(kind) for kind in kinds) or "none"
    return (
        extension.name or "",
        str(len(extension.sources or ())),
        str(len(own)),
        _DECIDES.get(extension.architectures_from, "not known"),
        words,
    )
