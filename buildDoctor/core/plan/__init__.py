"""From the trace of a project's build scripts to what they decide: lists, features, sources."""

from buildDoctor.core.plan.build import MOST_FEATURES, Asked, PlanFromTrace, plan_from_trace
from buildDoctor.core.plan.records import TraceRecord

__all__ = ["MOST_FEATURES", "Asked", "PlanFromTrace", "TraceRecord", "plan_from_trace"]
