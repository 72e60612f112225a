"""The words for a build plan and for what a change of it does."""

from __future__ import annotations

from buildDoctor.core.evidence import Evidence, Feature, Plan
from buildDoctor.core.fixes.plan_changes import WhatIf
from buildDoctor.core.fixes.trials import shown
from buildDoctor.core.reporting.composing import reason_for
from buildDoctor.faces.wording.plain import counted, visible

BUILT = {True: "✓ built", False: "✗ not built", None: "? not known"}
"""Whether a feature is built, with a sign."""


def why_no_plan(evidence: Evidence) -> str | None:
    """Why there is no plan; nothing when there is one."""
    if evidence.plan:
        return None
    reason = reason_for("plan", evidence.not_seen) or "no source tree was looked at"
    return f"There is no build plan: {visible(reason)}."


def plan_sentence(plan: Plan) -> str:
    """What the build scripts decide, in one sentence."""
    features = plan.features or ()
    built = sum(feature.built is True for feature in features)
    kept = visible(shown(plan.architectures)).replace(";", " ")
    return f"{built} of {counted(len(features), 'feature block')} built; the build is for {kept}"


def what_if_sentence(result: WhatIf) -> str:
    """What the changes do, in one sentence."""
    if result.plan is None:
        return f"With this change there is no plan: {visible(result.why)}"
    gained, lost = result.gained, result.compared.lost if result.compared else ()
    parts = [f"gained: {_few(gained)}"] if gained else []
    parts += [f"lost: {_few(lost)}"] if lost else []
    effect = bool(result.compared and result.compared.effect)
    return f"With the change {'; '.join(parts)}" if parts else (
        "With the change nothing is gained and nothing lost" if effect else "The change has no effect on the plan"
    )  # fmt: skip


def _few(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return visible(", ".join(names[:3])) + more


def identity(feature: Feature) -> tuple[str | None, str | None]:
    """What makes a feature the same in two plans."""
    return feature.name, feature.variable


def after(feature: Feature, plan: Plan | None) -> Feature | None:
    """The same feature in another plan."""
    return next((one for one in (plan.features if plan else None) or () if identity(one) == identity(feature)), None)


def gets_words(feature: Feature, then: Feature | None) -> str:
    """The architectures that are left for a feature, before and after a change."""
    now = visible(shown(feature.gets))
    return now if then is None or then.gets == feature.gets else f"{now} -> {visible(shown(then.gets))}"


def own_list_label(feature: Feature | None) -> str:
    """What the own list of a feature is called."""
    return f"list of {visible(feature.name or 'it')}" if feature else "list of a feature"


def feature_line(feature: Feature) -> str:
    """A feature in one line."""
    where = f"{visible(feature.file or '')}:{feature.line}"
    return (
        f"{visible(feature.name or '')}: wants {visible(shown(feature.wants))}, gets {visible(shown(feature.gets))}, "
        f"{BUILT[feature.built][2:]} ({where})"
    )
